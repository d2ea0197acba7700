import type { FileRole } from '../types/source.ts';

/** The paths that a manifest gives to its targets, relative to it, with `/`. */
export interface Targets {
  readonly library: string | null;
  readonly build: string | null;
  readonly others: readonly { readonly path: string; readonly role: FileRole }[];
}

const ROLES: ReadonlyMap<string, FileRole> = new Map([
  ['bin', 'binary'],
  ['test', 'test'],
  ['bench', 'bench'],
  ['example', 'example'],
]);

const SECTIONS: ReadonlySet<string> = new Set(['lib', 'package', ...ROLES.keys()]);

/**
 * Reads a Cargo.toml for its paths. Every run looks at every manifest, so a plain one is read by its lines,
 * and the TOML parser is loaded only for what those cannot tell. Throws the parser's error.
 */
export async function readTargets(text: string): Promise<Targets> {
  const paths = scan(text.replace(/"""(?:\\[^]|[^\\])*?"""|'''[^]*?'''/g, '""'));
  if (paths !== null) return collect(paths);
  const { parse } = await import('smol-toml');
  return collect(fromToml(parse(text)));
}

/** Section and path; `package` stands for the build script. */
type Path = readonly [section: string, path: string];

function collect(paths: readonly Path[]): Targets {
  const find = (wanted: string) => paths.find(([section]) => section === wanted)?.[1] ?? null;
  const others = paths.flatMap(([section, path]) => {
    const role = ROLES.get(section);
    return role === undefined ? [] : [{ path, role }];
  });
  return { library: find('lib'), build: find('package'), others };
}

/** Null where the lines alone do not tell: inline tables, dotted keys, escapes. */
function scan(text: string): Path[] | null {
  const paths: Path[] = [];
  let section = '';
  // Headers, and the keys that a path or a table of targets can stand under.
  const lines =
    /^[ \t]*(?:\[\[?[ \t]*([^\]\n]*?)[ \t]*\]|(path|build|lib|bin|test|bench|example|package|project)[ \t]*([.=])[ \t]*([^\r\n]*))/gm;
  for (const [, header, key, mark, value = ''] of text.matchAll(lines)) {
    if (header !== undefined) {
      section = header === 'project' ? 'package' : header;
      continue;
    }
    if (section === '' || mark === '.') return null;
    const wanted = section === 'package' ? 'build' : 'path';
    if (key !== wanted || !SECTIONS.has(section) || value.startsWith('false')) continue;
    const plain = /^(["'])([^"'\\]*)\1[ \t]*(?:#.*)?$/.exec(value)?.[2];
    if (plain === undefined) return null;
    paths.push([section, normal(plain)]);
  }
  return paths;
}

function fromToml(manifest: Readonly<Record<string, unknown>>): Path[] {
  const paths: Path[] = [];
  const add = (section: string, path: unknown) => {
    if (typeof path === 'string') paths.push([section, normal(path)]);
  };
  add('lib', field(manifest['lib'], 'path'));
  add('package', field(manifest['package'] ?? manifest['project'], 'build'));
  for (const section of ROLES.keys()) {
    const entries = manifest[section];
    if (Array.isArray(entries)) for (const entry of entries) add(section, field(entry, 'path'));
  }
  return paths;
}

function field(table: unknown, key: string): unknown {
  return (table as Readonly<Record<string, unknown>> | null | undefined)?.[key];
}

function normal(path: string): string {
  return path.replace(/^(?:\.\/)+/, '');
}
