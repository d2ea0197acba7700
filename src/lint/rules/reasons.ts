/** What in sight makes a panic of library code right: it cannot come, or its reader is told of it. */
import { functionAround, functionBefore, itemsAround, mentions } from '../place.ts';
import { FREE, isLookedAt, isSomewhere, matchesAt, namesIn } from '../bounds.ts';
import type { LintFile } from '../rule.ts';
import { commentBeside, commentsAbove, lineEnd } from '../text.ts';
import type { Item, Site } from '../../types/syntax.ts';

const EXPLAINS =
  /unwrap|expect|panic|\bfail|infallib|invariant|guarante|unreachable|poison|\bcan(?:not|'t| not|’t)\b|\bnever\b|\balways\b|\bchecked\b|\bensured?\b|\bvalid\b|\bsafe\b|\bok(?:ay)?\b|\bknown?\b|\bnon-?(?:empty|zero|null)\b/i;
/** A poisoned lock or a thread that panicked: passing the panic on is what most programs want. */
const PASSES_PANIC_ON =
  /\.(?:(?:lock|read|write|join|into_inner|get_mut)\(\)|wait(?:_while|_timeout|_timeout_while)?\(.*\))$/s;
const LITERAL = String.raw`(?:b?r?#?"[^"]*"#?|-?\d[\w.]*|'[^']*'|b'[^']*')`;
/** Fails for every user or for none: a constructor or a parse whose only input is a literal. */
const OF_LITERALS = new RegExp(
  String.raw`^(?:(?!(?:std::)?(?:env|fs)::|(?:File|Tcp\w+|Udp\w+|Unix\w+)::)[\w:<>]+::\w+(?:::<[^()]*>)?\(&?${LITERAL}(?:,&?${LITERAL})*,?\)|&?${LITERAL}\.(?:parse|try_into)(?:::<[^()]*>)?\(\)|[A-Z][A-Z0-9_]+\.get\(&?${LITERAL}\))$`,
);
const FIXED_SLICE = /\[[^\]]*\.\.[^\]]*\]\)?\.try_into\(\)$/;
const WRITE_TO_STRING =
  /(?:^|[^\w])(?:core::|std::)?(?:fmt::)?write(?:ln)?!\([^;]*\)$|fmt::Write::write_\w+\([^;]*\)$/;

/** A part of a value that is there or not as the value itself is. */
const PART =
  /\.(?:as_ref|as_mut|as_deref|as_deref_mut|clone|cloned|copied|take|iter|iter_mut|into_iter|chars|next|first|last|pop|remove\(0\)|get)\(\)$|\.get(?:_mut)?\([^()]*\)$/;
const LOOKED_INTO =
  /\s*(?:\.\s*(?:is_some\w*|is_none\w*|is_ok|is_err|is_empty|len|contains_key|contains|push|push_back|insert|starts_with|ends_with)\(|=\s*(?:Some|Ok|vec!|Box)\b)/y;

const CONVERTS = /(?:^|[.:])(?:try_from|try_into|(?:from|to)_[iuf]\d+|from_digit|to_digit|NonZero\w+::new)\(/;
const NEAR = 400;

/** Whether the value is there for every user or for none, or the function looked at it before. */
export function cannotFail(file: LintFile, site: Site, receiver: string): boolean {
  if (PASSES_PANIC_ON.test(receiver) || FIXED_SLICE.test(receiver) || OF_LITERALS.test(receiver)) return true;
  if (WRITE_TO_STRING.test(receiver) && mentions(file, /fmt::Write/)) return true;
  return isLookedInto(file, site, receiver);
}

/** `if self.tag.is_some() { … self.tag.as_ref().unwrap() }`. */
function isLookedInto(file: LintFile, site: Site, receiver: string): boolean {
  let value = receiver.replace(/^[*&(]+/, '');
  const before = functionBefore(file, site) || file.text.slice(Math.max(0, site.start - NEAR), site.start);
  if (CONVERTS.test(value) && namesIn(value).some((name) => isLookedAt(before.slice(-NEAR), name)))
    return true;
  for (let parts = 0; parts < 4; parts += 1) {
    if (isLooked(before, value)) return true;
    if (!PART.test(value)) return false;
    value = value.replace(PART, '');
  }
  return false;
}

function isLooked(before: string, value: string): boolean {
  return (
    value.length <= 80 &&
    isSomewhere(
      before,
      value,
      (code, start, end) => matchesAt(FREE, code, start) && matchesAt(LOOKED_INTO, code, end),
    )
  );
}

/** In code that makes code (macros, generators) a panic is an error of the compilation. */
export function makesCode(file: LintFile): boolean {
  return mentions(file, /\bproc_macro2?\b|\bsyn::|\buse syn\b/);
}

const OPERATORS =
  /\b(?:Add|Sub|Mul|Div|Rem|Neg|Not|BitAnd|BitOr|BitXor|Shl|Shr|Index|Deref)(?:Mut|Assign)?\b(?:<[^]*>)?\s+for\b/;

/** Explained where a comment says why, the function's documentation or name speaks of it, or no error can be told. */
export function isExplained(file: LintFile, site: Site): boolean {
  const { text } = file;
  if (/assert\w*\.rs$/.test(file.path)) return true;
  for (const item of itemsAround(file, site)) {
    if (/^\s*#+\s*Panics?\b/m.test(item.doc)) return true;
    // Evaluated by the compiler: it cannot panic at run time.
    if (item.kind === 'const') return true;
    // Expands in the code of whoever calls the macro.
    if (item.kind === 'macro' && /^(?:pub\S* )?macro(?:_rules!)? /.test(item.signature)) return true;
    // Its trait has no room for an error.
    if (item.kind === 'impl' && OPERATORS.test(item.signature)) return true;
    if (item.kind === 'fn' && isToldOf(text, item)) return true;
  }
  const end = Math.min(site.end, lineEnd(text, site.start));
  const name = site.detail - site.name.length;
  return [commentBeside(text, end), commentBeside(text, site.end), commentsAbove(text, name)].some(
    (comment) => EXPLAINS.test(comment),
  );
}

/** Whether the function's name, its documentation or a comment above it speaks of the panic. */
function isToldOf(text: string, { name, doc, head }: Item): boolean {
  if (/unwrap|expect|panic|assert/i.test(name) || /\bpanic/i.test(doc)) return true;
  return commentsAbove(text, head)
    .split('\n')
    .some((line) => !line.startsWith('///') && /\bpanic|\bunwrap/i.test(line));
}

const FAILED = /^[^\w]*(?:fail|could|can(?:not|'t)|unable|error|no |not |missing|invalid|unexpected|bad )/i;
const HOLDS =
  /\b(?:is|are|was|were|has|have|had|must|may|should|shouldn't|can|can't|cannot|will|won't|does|doesn't|always|never|only|implies|already|valid|checked|built|infallib\w*|guarante\w*|non-\w+|to be|by)\b/i;

/** Whether a message of `expect` states why the value is there, and not what it means that it is not. */
export function argues(message: string): boolean {
  if (OWN_FAULT.test(message) || message.includes('INTERNAL')) return true;
  return HOLDS.test(message) && !FAILED.test(message);
}

const OWN_FAULT =
  /\bbug\b|possible|\bshould(?:n't| not| never| have)\b|\bnever\b|\binternal(?:ly)?\b|unreachable|not reach/i;

/** A panic that says itself that it cannot come, as `unreachable!` does, or in a function of type `!`. */
export function endsByNature(file: LintFile, site: Site): boolean {
  if (OWN_FAULT.test(file.text.slice(site.detail, site.end))) return true;
  return /->\s*!/.test(functionAround(file, site)?.signature ?? '');
}
