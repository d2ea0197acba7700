/** Words that tell nothing of what a piece of code is about: neither indexed nor searched, whole identifiers apart. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  [
    'a an and any are be been being but by can cannot could did do does done each had has have having he her here',
    'him his how however i into is it its may me might most must my no nor not of on or our own shall she should so',
    'some such than that the their them then there these they this those thus to too us very was we were what when',
    'which while who whom why will with would you your via per eg ie etc given using',
    // Rust's own: in nearly every item.
    'as crate dyn else enum fn for from if impl in let match mod mut pub ref return self static struct super trait',
    'type use where const',
  ].flatMap((line) => line.split(' ')),
);
