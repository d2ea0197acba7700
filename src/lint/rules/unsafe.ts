import { itemsAround, mentions } from '../place.ts';
import type { FileCheck, Hit, LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { commentBeside, commentsAbove, lineEnd } from '../text.ts';
import type { Item } from '../../types/syntax.ts';

const SPEAKS_OF_SAFETY = /\bsafety\b|\b(?:un)?(?:safe|sound)(?:ly|ness)?\b|\bundefined behaviou?r\b/i;
const EMPTY_SAFETY = /^\W*safety\W*(?:todo|fixme|tbd|xxx|\?+)?\W*$/i;
const CONTRACT =
  /\bsafety\b|\bunsafe\b|\bundefined behaviou?r\b|\bcallers?\b.{0,20}\bmust\b|\bmust (?:be|not|ensure|only)\b/i;
export const THREADS = /\b(?:Send|Sync)\b|\bthreads?\b|\bconcurren/i;
/** `#[test]`, `#[simd_test(…)]`: a function that nobody calls. */
const TEST = /(?:^#\[|,)\s*(?:\w+::)*\w*test\s*[(\]]/;
/** How far into a block its own SAFETY comments are looked for. */
const INSIDE = 4000;

/** True where a comment argues for the code at `at`: it speaks of safety, and says more than the word. */
export function arguedFor(text: string, at: number, end: number): boolean {
  return (
    argues(commentsAbove(text, at, (line) => /\bunsafe\b/.test(line))) || argues(commentBeside(text, end))
  );
}

export function argues(comment: string): boolean {
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
    if (item.unsafe && !isDocumented(file, item)) hits.push(undocumented(item));
  }
  return hits;
};

function isDocumented(file: LintFile, item: Item): boolean {
  const { text } = file;
  const parent = file.items[item.parent];
  if (item.kind === 'fn') {
    if (item.attributes.some((attribute) => TEST.test(attribute)) || needsFeaturesOnly(item)) return true;
    // A trait's method takes its contract from the trait, a foreign function from its library.
    if (parent?.kind === 'extern' || (parent?.kind === 'impl' && / for /.test(parent.signature))) return true;
    if (CONTRACT.test(item.doc)) return true;
  } else if (item.kind === 'trait') {
    if (CONTRACT.test(item.doc)) return true;
  } else if (item.kind === 'impl') {
    if (SPEAKS_OF_SAFETY.test(item.doc)) return true;
    if (THREADS.test(item.signature) && THREADS.test(commentsOf(file, item))) return true;
    if (item.body !== null && argues(firstComment(text, item.body.start + 1))) return true;
  } else {
    return true;
  }
  const bodyStart = item.body === null ? item.end : item.body.start + 1;
  if (item.kind === 'fn' && item.body !== null && argues(firstComment(text, bodyStart))) return true;
  return argues(commentsOf(file, item));
}

/** Its contract is the attribute: the processor has these features. With pointers it has another one. */
function needsFeaturesOnly({ attributes, signature }: Item): boolean {
  return !/\*(?:const|mut)\b/.test(signature) && attributes.some((written) => /target_feature/.test(written));
}

/** The comments above an impl, past others like it. */
export function commentsOf({ text }: LintFile, item: Item): string {
  return commentsAbove(text, item.head, (line) => /\bunsafe impl\b/.test(line));
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

/** So many undocumented places of a file are remarks; what follows is a habit, and said in a low voice. */
const FIRST = 5;

/** Makes what a file has of `undocumented-unsafe` beyond the first few `low`. Hits come in order of position. */
export function tempered(hits: readonly Hit[]): Hit[] {
  const told: Hit[] = [];
  let count = 0;
  for (const hit of hits) {
    const counts = hit.rule === 'undocumented-unsafe' && hit.severity === undefined;
    if (counts) count += 1;
    told.push(counts && count > FIRST ? { ...hit, severity: 'low' } : hit);
  }
  return told;
}

/** A comment that says who touches the static, and when. */
const SAYS_WHO =
  /\b(?:safe(?:ty|ly)?|sound|threads?|lock\w*|mutex|synchron\w*|protected|guarded|atomic\w*|initiali[sz]\w*|written|exclusive\w*)\b/i;

const staticMut: SiteCheck = (file, site) => {
  for (const item of itemsAround(file, site)) if (item.kind === 'extern') return null;
  if (SAYS_WHO.test(commentsAbove(file.text, site.start) + commentBeside(file.text, site.end))) return null;
  const item = file.items.find(({ start }) => start === site.start);
  return {
    rule: 'static-mut',
    start: item?.head ?? site.start,
    end: site.end,
    // Written once, or argued for where it is used: a type could say that.
    ...(mentions(file, /\.call_once|\/\/\s*SAFETY\b/i) ? { severity: 'low' as const } : {}),
    message: `Every access to \`${site.name}\` is unsafe, and two threads, or two references at once, are undefined behaviour.`,
    suggestion:
      'Use an atomic, `Mutex`, `OnceLock` or `thread_local!`; `UnsafeCell` behind a type that states its rule where nothing else will do.',
  };
};

export const unsafeChecks: SiteChecks = { kinds: { 'unsafe-block': unsafeBlock, 'static-mut': staticMut } };
