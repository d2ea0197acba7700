/** What tells a random value from a word, a name or a placeholder. */

const PLACEHOLDER =
  /example|change.?me|placeholder|dummy|your|redacted|replace|insert|todo|fixme|sample|fake|mock|test|x{4}|\*{3}|\.{3}|[<>{}]|\$\(|%s/i;
const TRIVIAL =
  /^(?:my|the|our|user|some|default|db|root|admin)?[-_.]?(?:pass(?:word|wd|phrase)?|pwd|secret|token|(?:api[-_]?)?key|foo|bar|qwerty|letmein|admin|abc|guest)?[-_.]?\d{0,10}[!?]?$/i;
const TECHNICAL =
  /sha-?\d|md5|base64|utf-?8|utf-?16|argon2|pbkdf2|aes-?\d|rsa-?\d|oauth2|x509|ed25519|:\/\/|::|^[./]/i;
/** A name in code: `CLIENT_SECRET_0`. */
const SNAKE = /^[A-Za-z]+(?:_[A-Za-z]+)*_(?:[A-Za-z]+|\d{1,4})$/;
/** `crates/credential/cargo-1password`. */
const PATH = /^[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*(?:\/[a-z0-9]+(?:[-_.][a-z0-9]+)*){2,}$/;
const WORD_RUN = /[a-z]{8}|[A-Z]{12}/;

/** Text that stands where a secret will be: `changeme`, `<token>`, `${TOKEN}`, `xxxx`, `password1`. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || TRIVIAL.test(value) || distinct(value) < 5;
}

/** A password someone chose: no white space, letters with digits or with marks. */
export function looksChosen(value: string): boolean {
  if (value.length < 6 || value.length > 128 || /\s/.test(value)) return false;
  if (!/[A-Za-z]/.test(value)) return false;
  const mixed = /\d/.test(value) || (value.length >= 8 && /[!@#$%^&*?~]/.test(value));
  return (
    mixed &&
    !isPlaceholder(value) &&
    !SNAKE.test(value) &&
    !PATH.test(value) &&
    !(value.length < 32 && TECHNICAL.test(value))
  );
}

/** A value drawn by a machine: long, letters and digits mixed, no words. */
export function looksRandom(value: string): boolean {
  if (value.length < 16 || value.length > 512 || !/^[\w+/=.~-]+$/.test(value)) return false;
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (isPlaceholder(value) || isWords(value) || TECHNICAL.test(value)) return false;
  return entropy(value) >= 3;
}

/** The part of a token after its well-known prefix: anything but a stand-in. */
export function looksFilledIn(value: string): boolean {
  return distinct(value) >= 8 && !/example|x{6}|your|placeholder|redacted|\.{3}/i.test(value);
}

function isWords(value: string): boolean {
  return (
    WORD_RUN.test(value) ||
    value.split(/[-_./]/).every((part) => /^(?:[A-Za-z]*|\d{1,4}|v\d{1,3})$/.test(part))
  );
}

function distinct(value: string): number {
  return new Set(value).size;
}

/** Shannon entropy in bits per character. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
