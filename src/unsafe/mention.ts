import { stemmer } from 'stemmer';

interface Topic {
  readonly required: RegExp;
  /** What a comment may say to it, where that is more: a reference is neither null nor misaligned. */
  readonly said?: RegExp;
}

/**
 * What safety requirements are about, and the words that people use for it. Set by hand from the sections of
 * the standard library's documentation.
 */
const TOPICS: readonly Topic[] = [
  {
    required: /\bnull\b|non-?null/i,
    said: /\bnull\b|non-?null|\breferences?\b|&(?:mut\b|self\b|'|\w)|\bbox/i,
  },
  { required: /align/i, said: /align|\breferences?\b|&(?:mut\b|self\b|'|\w)|\bbox/i },
  { required: /initiali[sz]|\buninit|\binit\b|\bwritten\b|\bzeroed\b|\bfilled\b/i },
  {
    required:
      /\bbounds?\b|\brange\b|\blen(?:gth)?\b|\bindex|\bindices\b|\bcapacity\b|\boffset\b|\bend\b|[<>]=?\s*\w*(?:len|size|cap)/i,
  },
  { required: /overlap|disjoint|\balias|exclusiv|\bunique\b|\bmut(?:able|ated?)?\b|\bborrow/i },
  {
    required:
      /lifetime|outliv|dangl|\b(?:a)?live\b|\blives?\b|\bstatic\b|\bfreed\b|use.after.free|\bdropped\b/i,
  },
  { required: /\butf-?8\b|char boundar/i, said: /\butf-?8\b|char boundar|ascii|\bstr\b/i },
  { required: /allocat|\blayout\b|into_raw|\bleak/i },
  {
    required: /thread|\bsend\b|\bsync\b|\braces?\b|concurren|\block|\bmutex|\batomic|synchroni/i,
  },
  { required: /overflow|\bisize\b|wrap(?:s|ping)? around/i },
  { required: /\bvalid|dereferenc|points? (?:to|into)|\breferences?\b|\bas_ptr\b|\bslice\b/i },
  { required: /transmut|\brepr\b|\bsame (?:type|size|layout)|bit pattern|\bsize_?of\b/i },
  { required: /\bown(?:s|er|ership|ed)?\b|double.free|\bdrop\b|\bforget|\bmoved?\b|\btaken?\b/i },
  { required: /target.feature|\bcpu\b|\bavx|\bsse|\bneon\b|\bsimd\b/i },
  { required: /\bnul\b|terminat/i },
  { required: /\bpin(?:ned)?\b/i, said: /\bpin(?:s|ned|ning)?\b|\bunpin\b/i },
  { required: /\bpanic|unwind/i },
  { required: /\breachable\b|unreachable|\bsome\b|\bnone\b|\bok\b|\berr\b/i },
];

/** Words that stand in any contract and so tell nothing of one. */
const GENERIC = new Set(
  (
    'about above also after againstall because been before behavior behaviour being below both call called caller callers ' +
    'cannot code condition conditions constraints could during each either else ensure ensured even ever exact following from ' +
    'function functions given guarantee guaranteed guarantees have hold holds implementation implement into itself like make makes may ' +
    'method methods might must need needs never note only other otherwise over pointer pointers provided reference references require ' +
    'required requirement requirements requires result return returned returns safe safely safety same section self shall should since ' +
    'some such than that their them then there these they this those through true type types undefined under unless unsafe unsound uphold upheld ' +
    'used uses using value values violated violates when where which while will with within without would'
  ).split(' '),
);

/**
 * Whether a comment speaks of what a clause requires: of one of its topics, or with one of its own words. It
 * tells what was thought of, not whether the argument holds.
 */
export function mentions(comment: string, clause: string): boolean {
  if (TOPICS.some(({ required, said = required }) => required.test(clause) && said.test(comment)))
    return true;
  const words = wordsOf(comment);
  return [...wordsOf(clause)].some((word) => words.has(word));
}

function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_]{3,}/gu) ?? [];
  return new Set(words.filter((word) => !GENERIC.has(word)).map((word) => stemmer(word)));
}
