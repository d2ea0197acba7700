import type { Call, Declarations, Declared, RawOperation, RawSite } from './site.ts';

/** Where what is called is declared. */
export type ContractSource = 'crate' | 'path' | 'std' | 'registry' | 'foreign';

/** What a call, or an implementation, has to keep. */
export interface Contract {
  readonly source: ContractSource;
  /** The crate, where it is another one; else `''`. */
  readonly crate: string;
  readonly path: string;
  /** Null where none is stated, or it stands in no source at hand. */
  readonly clauses: readonly string[] | null;
}

export interface Operation {
  readonly kind: 'call' | 'dereference' | 'static-mut' | 'union-field' | 'asm' | 'transmute';
  readonly text: string;
  readonly line: number;
  /** False where the name could also stand for something safe: types are not known. */
  readonly certain: boolean;
  /** Of a call; null for everything else. */
  readonly contract: Contract | null;
}

/** A set of unsafe functions and traits with one origin. */
export interface Origin {
  readonly source: ContractSource;
  readonly crate: string;
  find(name: string): readonly Declared[];
  /** Whether it has a safe function of the name with so many parameters. */
  isSafe(name: string, parameters: number): boolean;
  readonly staticMuts: ReadonlySet<string>;
  readonly unionFields: ReadonlySet<string>;
}

export function originOf(source: ContractSource, crate: string, files: readonly Declarations[]): Origin {
  const byName = new Map<string, Declared[]>();
  for (const declared of files.flatMap((file) => file.declared)) {
    const known = byName.get(declared.name);
    if (known === undefined) byName.set(declared.name, [declared]);
    else known.push(declared);
  }
  const safe = new Set(files.flatMap((file) => file.safe));
  return {
    source,
    crate,
    find: (name) => byName.get(name) ?? [],
    isSafe: (name, parameters) => safe.has(`${name}/${parameters}`),
    staticMuts: new Set(files.flatMap((file) => file.staticMuts)),
    unionFields: new Set(files.flatMap((file) => file.unionFields)),
  };
}

/** The operations of a site that need `unsafe`, or may, by the names that the origins know, the nearest first. */
export function operationsOf(site: RawSite, origins: readonly Origin[]): Operation[] {
  return site.operations.flatMap((raw) => {
    const operation = resolved(raw, origins);
    return operation === null ? [] : [operation];
  });
}

function resolved(raw: RawOperation, origins: readonly Origin[]): Operation | null {
  const { text, line } = raw;
  const at = { text, line, contract: null };
  const [own] = origins;
  switch (raw.kind) {
    case 'asm':
      return { ...at, kind: 'asm', certain: true };
    case 'dereference':
      return { ...at, kind: 'dereference', certain: raw.raw };
    case 'name':
      return own?.staticMuts.has(raw.name) === true ? { ...at, kind: 'static-mut', certain: true } : null;
    case 'field':
      return own?.unionFields.has(raw.name) === true ? { ...at, kind: 'union-field', certain: false } : null;
    case 'call': {
      const found = calledBy(raw.call, origins);
      if (found === null) return null;
      const { contract, certain } = found;
      const kind =
        /^transmute(?:_copy)?$/.test(raw.call.name) && contract.source === 'std' ? 'transmute' : 'call';
      return { kind, text, line, certain, contract };
    }
    default:
      return raw satisfies never;
  }
}

interface Called {
  readonly contract: Contract;
  readonly certain: boolean;
}

/** What a call's name and shape fit, the nearest origin first; null where nothing unsafe does. */
function calledBy(call: Call, origins: readonly Origin[]): Called | null {
  const fitting = origins.map((origin) => ({
    origin,
    declared: origin.find(call.name).filter((one) => fits(call, one)),
  }));
  const hit = fitting.find(({ declared }) => declared.length > 0);
  if (hit === undefined) return foreignCall(call);
  const { origin, declared } = hit;
  const exact = declared.filter(
    ({ owner, module }) => call.qualifier !== '' && call.qualifier === (owner || module),
  );
  const chosen = (exact[0] ?? declared.find(({ clauses }) => clauses !== null) ?? declared[0]) as Declared;
  const shape = call.arguments + (call.method ? 1 : 0);
  const alone = fitting.filter((one) => one.declared.length > 0).length === 1;
  const doubtful =
    chosen.ambiguous || (origins[0] as Origin).isSafe(call.name, shape) || origin.isSafe(call.name, shape);
  return {
    contract: contractOf(origin, chosen),
    certain: exact.length > 0 || (!doubtful && (alone || !call.method)),
  };
}

function contractOf({ source, crate }: Origin, { kind, path, clauses }: Declared): Contract {
  return { source: kind === 'foreign' ? 'foreign' : source, crate, path, clauses };
}

/** A call into a crate that binds a library of another language. */
function foreignCall({ name, qualifier, method }: Call): Called | null {
  if (method || !/^libc$|^ffi$|^sys$|_sys$|_ffi$/.test(qualifier)) return null;
  const contract = {
    source: 'foreign' as const,
    crate: qualifier,
    path: `${qualifier}::${name}`,
    clauses: null,
  };
  return { contract, certain: false };
}

/** Whether a call can mean a declaration: by the number of arguments, and by what stands before the name. */
function fits(call: Call, { kind, owner, module, method, parameters }: Declared): boolean {
  if (kind === 'trait') return false;
  if (call.method) return method && call.arguments === parameters;
  if (call.arguments !== parameters + (method ? 1 : 0)) return false;
  const { qualifier } = call;
  if (qualifier === '') return owner === '';
  if (owner !== '') return qualifier === owner || qualifier === 'Self' || /^\p{Lu}\p{N}?$/u.test(qualifier);
  return module === '' ? /^[\p{Ll}_]/u.test(qualifier) : qualifier === module;
}

/** The contract of an unsafe trait by its name as written; null where none is known. */
export function traitContract(name: string, origins: readonly Origin[]): Contract | null {
  for (const origin of origins) {
    const found = origin.find(bareTrait(name)).find(({ kind }) => kind === 'trait');
    if (found !== undefined) return contractOf(origin, found);
  }
  return null;
}

/** `Sync` of `!Sync`, `Trait` of `Trait<T>`. */
function bareTrait(name: string): string {
  return name.replace(/<.*$/s, '').replace(/^!/, '').trim();
}

/** Names that unsafe code calls or implements and that no origin knows. */
export function unknownNames(sites: readonly RawSite[], origins: readonly Origin[]): Set<string> {
  const names = new Set<string>();
  for (const { kind, name, operations } of sites) {
    if (kind === 'impl') names.add(bareTrait(name));
    for (const operation of operations) if (operation.kind === 'call') names.add(operation.call.name);
  }
  for (const name of names) if (origins.some((origin) => origin.find(name).length > 0)) names.delete(name);
  return names;
}
