/**
 * Finds the word `unsafe` in Rust by its lexical rules alone, without the program's grammar: comments (nested ones
 * too), strings of every prefix, raw strings, characters and lifetimes are passed over. UTF-16 offsets.
 * Source: "Tokens" and "Comments" of the Rust Reference, doc.rust-lang.org/reference.
 */
export function unsafeTokens(text: string): number[] {
  const found: number[] = [];
  const word = /[\p{L}_][\p{L}\p{N}_]*/uy;
  for (let at = 0; at < text.length;) {
    const skipped = endOfComment(text, at) ?? endOfQuoted(text, at);
    if (skipped !== null) {
      at = skipped;
      continue;
    }
    word.lastIndex = at;
    const name = word.exec(text)?.[0];
    if (name !== undefined) {
      // `$unsafe` is a macro's own name for something.
      const named = text[at - 1] === '$' || text.slice(at - 2, at) === 'r#';
      if (name === 'unsafe' && !named) found.push(at);
      at += name.length;
    } else {
      const number = /^\d[\w.]*/.exec(text.slice(at, at + 80))?.[0].replace(/\.\.?.*$/, '');
      at += Math.max(1, number?.length ?? 1);
    }
  }
  return found;
}

function endOfComment(text: string, at: number): number | null {
  if (text.startsWith('//', at)) {
    const end = text.indexOf('\n', at);
    return end === -1 ? text.length : end;
  }
  if (!text.startsWith('/*', at)) return null;
  let depth = 0;
  for (let next = at; next < text.length;) {
    if (text.startsWith('/*', next)) depth += 1;
    else if (text.startsWith('*/', next)) depth -= 1;
    else {
      next += 1;
      continue;
    }
    next += 2;
    if (depth === 0) return next;
  }
  return text.length;
}

/** End of the string, character or lifetime that begins at `at`; null where none does. */
function endOfQuoted(text: string, at: number): number | null {
  const raw = /^(?:br|cr|r)(#*)"/.exec(text.slice(at, at + 300));
  if (raw !== null) {
    const close = `"${raw[1] ?? ''}`;
    const end = text.indexOf(close, at + raw[0].length);
    return end === -1 ? text.length : end + close.length;
  }
  const prefix = /^[bc]?(?=")|^b(?=')/.exec(text.slice(at, at + 2))?.[0].length;
  if (prefix !== undefined && text[at + prefix] === '"') return endOfString(text, at + prefix);
  const quote = at + (text.startsWith("b'", at) ? 1 : 0);
  if (text[quote] !== "'") return null;
  const character = /^'(?:\\(?:u\{[0-9a-fA-F_]*\}|x[0-9a-fA-F]{2}|[^])|[^\\'\n])'/u.exec(
    text.slice(quote, quote + 20),
  );
  if (character !== null) return quote + character[0].length;
  // A lifetime: its name is not a word of the program.
  const lifetime = /^'(?:r#)?[\p{L}_][\p{L}\p{N}_]*/u.exec(text.slice(quote, quote + 200));
  return quote + (lifetime?.[0].length ?? 1);
}

function endOfString(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
