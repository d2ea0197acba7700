import { itemsAround } from '../place.ts';
import type { FileCheck, Hit, LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { commentBeside, commentsAbove, lineEnd, splitAtCommas } from '../text.ts';
import type { Item } from '../../types.ts';

const SPEAKS_OF_SAFETY = /\bsafety\b|\b(?:un)?(?:safe|sound)(?:ly|ness)?\b|\bundefined behaviou?r\b/i;
const EMPTY_SAFETY = /^\W*safety\W*(?:todo|fixme|tbd|xxx|\?+)?\W*$/i;
const CONTRACT =
  /\bsafety\b|\bunsafe\b|\bundefined behaviou?r\b|\bcallers?\b.{0,20}\bmust\b|\bmust (?:be|not|ensure|only)\b/i;
/** How far into a block its own SAFETY comments are looked for. */
const INSIDE = 4000;

/** True where a comment argues for the code at `at`: it speaks of safety, and says more than the word. */
export function arguedFor(text: string, at: number, end: number): boolean {
  return (
    argues(commentsAbove(text, at, (line) => /\bunsafe\b/.test(line))) || argues(commentBeside(text, end))
  );
}

function argues(comment: string): boolean {
  return (
    comment !== '' &&
    SPEAKS_OF_SAFETY.test(comment) &&
    !EMPTY_SAFETY.test(comment.replace(/\/\/[/!]?|\/?\*+\/?/g, ''))
  );
}

const unsafeBlock: SiteCheck = (file, site) => {
  const { text } = file;
  for (const item of itemsAround(file, site)) {
    // The contract of an unsafe function is its callers' to keep: the function answers for its blocks.
    if (item.kind === 'fn') {
      if (item.unsafe) return null;
      break;
    }
  }
  const inside = text.slice(site.start, Math.min(site.end, site.start + INSIDE));
  if (inside.includes('/') && (inside.match(/\/\/.*|\/\*[^]*?\*\//g) ?? []).some(argues)) return null;
  if (arguedFor(text, site.start, Math.min(site.end, lineEnd(text, site.start)))) return null;
  if (site.end > lineEnd(text, site.start) && argues(commentBeside(text, site.end))) return null;
  return {
    rule: 'undocumented-unsafe',
    start: site.start,
    end: Math.min(site.end, lineEnd(text, site.start)),
    message: 'No SAFETY comment says why the operations in this block are sound.',
    suggestion: 'Write `// SAFETY:` above the block and name what upholds each requirement of what it calls.',
  };
};

/** Unsafe functions and traits state a contract, unsafe impls argue that they keep one. */
export const unsafeItems: FileCheck = (file) => {
  const hits: Hit[] = [];
  for (const item of file.items) {
    const sendSync = item.kind === 'impl' && item.unsafe ? manualSendSync(file, item) : null;
    if (sendSync !== null) hits.push(sendSync);
    if (item.unsafe && !isDocumented(file, item)) hits.push(undocumented(item));
  }
  return hits;
};

function isDocumented(file: LintFile, item: Item): boolean {
  const { text } = file;
  const parent = file.items[item.parent];
  if (item.kind === 'fn') {
    // A trait's method takes its contract from the trait, a foreign function from its library.
    if (parent?.kind === 'extern' || (parent?.kind === 'impl' && / for /.test(parent.signature))) return true;
    if (CONTRACT.test(item.doc)) return true;
  } else if (item.kind === 'trait') {
    if (CONTRACT.test(item.doc)) return true;
  } else if (item.kind === 'impl') {
    if (SPEAKS_OF_SAFETY.test(item.doc)) return true;
    if (item.body !== null && argues(firstComment(text, item.body.start + 1))) return true;
  } else {
    return true;
  }
  const bodyStart = item.body === null ? item.end : item.body.start + 1;
  if (item.kind === 'fn' && item.body !== null && argues(firstComment(text, bodyStart))) return true;
  return argues(commentsAbove(text, item.head, (line) => /\bunsafe impl\b/.test(line)));
}

function firstComment(text: string, at: number): string {
  const match = /\s*((?:\/\/[^\n]*\n\s*)+|\/\*[^]{0,2000}?\*\/)/y;
  match.lastIndex = at;
  return match.exec(text)?.[1] ?? '';
}

function undocumented(item: Item): Hit {
  const range = { start: item.head, end: item.body?.start ?? item.end };
  if (item.kind === 'impl') {
    return {
      ...range,
      rule: 'undocumented-unsafe',
      title: 'unsafe impl without a SAFETY comment',
      message: 'No SAFETY comment says why this type keeps the promise that the trait makes for it.',
      suggestion: 'Write `// SAFETY:` above the impl and argue from the fields of the type.',
    };
  }
  const what = item.kind === 'trait' ? 'trait' : 'function';
  return {
    ...range,
    rule: 'undocumented-unsafe',
    title: `unsafe ${what} without a Safety section`,
    message: `\`${item.name}\` does not say what ${what === 'trait' ? 'an implementor' : 'its caller'} must uphold.`,
    suggestion: 'Add a `# Safety` section to its documentation that lists the requirements one by one.',
    ...(item.visibility === 'pub' ? {} : { severity: 'low' as const }),
  };
}

/** `unsafe impl<T> Send for X<T>`: without a bound on T, X hands any T to other threads. */
function manualSendSync({ text }: LintFile, item: Item): Hit | null {
  const match = /^unsafe\s+impl\s*(<.*>)?\s*(?:\w+::)*(Send|Sync)\s+for\s+(.*)$/.exec(item.signature);
  if (match === null) return null;
  const [, generics = '', trait = '', target = ''] = match;
  const range = { start: item.head, end: item.body?.start ?? item.end };
  const unbounded = unboundedParameter(generics, target, item.signature);
  if (unbounded !== null) {
    return {
      ...range,
      rule: 'manual-send-sync',
      severity: argues(commentsAbove(text, item.head, (line) => /\bunsafe impl\b/.test(line)))
        ? 'medium'
        : 'high',
      title: `unsafe impl ${trait} without a bound on ${unbounded}`,
      message: `Any \`${unbounded}\` crosses threads through this type, also one that is not ${trait === 'Send' ? '`Send`' : '`Sync`'} itself (an \`Rc\`, a \`Cell\`).`,
      suggestion: `Bound the parameter (\`${unbounded}: Send\`, or \`Sync\` as the type shares or moves it).`,
    };
  }
  return {
    ...range,
    rule: 'manual-send-sync',
    title: `unsafe impl ${trait}`,
    message: `The compiler did not find this type to be \`${trait}\`; from here on nothing checks that it stays so when fields change.`,
    suggestion:
      'Let auto traits decide (own the pointer in a type that is Send or Sync), or name in a comment each field that is neither.',
  };
}

/** The first type parameter that the target uses and that no bound in the head mentions. */
function unboundedParameter(generics: string, target: string, signature: string): string | null {
  const list = generics.trim().replace(/^</, '').replace(/>$/, '');
  for (const parameter of splitAtCommas(list)) {
    const match = /^(?:#\[[^\]]*\]\s*)?([A-Z]\w*)\s*(?::\s*(.*))?$/s.exec(parameter.trim());
    if (match === null) continue;
    const [, name = '', bounds = ''] = match;
    const where = new RegExp(`\\b${name}(?:::\\w+)?\\s*:\\s*[^,]*[A-Za-z]`).test(
      signature.slice(signature.indexOf(' for ')),
    );
    const bounded = /[A-Za-z]/.test(bounds.replace(/\?Sized|'\w+/g, ''));
    if (!bounded && !where && new RegExp(`\\b${name}\\b`).test(target)) return name;
  }
  return null;
}

/** So many undocumented places of a file are remarks; what follows is a habit, and said in a low voice. */
const FIRST = 5;

/** Makes what a file has of `undocumented-unsafe` beyond the first few `low`. Hits come in order of position. */
export function tempered(hits: readonly Hit[]): Hit[] {
  let count = 0;
  return hits.map((hit) => {
    if (hit.rule !== 'undocumented-unsafe' || hit.severity !== undefined) return hit;
    count += 1;
    return count <= FIRST ? hit : { ...hit, severity: 'low' };
  });
}

const staticMut: SiteCheck = (file, site) => {
  for (const item of itemsAround(file, site)) if (item.kind === 'extern') return null;
  return {
    rule: 'static-mut',
    start: site.start,
    end: site.end,
    message: `Every access to \`${site.name}\` is unsafe, and two threads, or two references at once, are undefined behaviour.`,
    suggestion:
      'Use an atomic, `Mutex`, `OnceLock` or `thread_local!`; `UnsafeCell` behind a type that states its rule where nothing else will do.',
  };
};

export const unsafeChecks: SiteChecks = { kinds: { 'unsafe-block': unsafeBlock, 'static-mut': staticMut } };
