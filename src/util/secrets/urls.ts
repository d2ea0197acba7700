import type { Secret } from '../secrets.ts';
import { isPlaceholder } from './strength.ts';

/** What stands before an `@`, from the scheme on. */
const USER_INFO = /:\/\/([^\s:@/?#"'`<>\\{}]{0,64}):([^\s@/?#"'`<>\\]{3,128})$/;
const HOST = /[\w.-]{1,80}/y;
const EXAMPLE_HOST = /(?:^|\.)(?:example|invalid|test)(?:\.|$)|^(?:host|hostname|server|domain)\b/i;
const GUESSABLE =
  /^(?:pass|password|passwd|pwd|pw|secret|user|username|root|admin|postgres|mysql|guest|bar|baz|foo)\d{0,4}$/i;
const VARIABLE = /^\$\w+$|^%\w+%$|^:\w+$/;
const BEFORE = 200;

/** Passwords in addresses: `postgres://user:password@host`. The range is the password's. */
export function findUrlPasswords(text: string): Secret[] {
  const found: Secret[] = [];
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const before = text.slice(Math.max(0, at - BEFORE), at);
    const match = before.includes('://') ? USER_INFO.exec(before) : null;
    if (match === null) continue;
    const [, user = '', password = ''] = match;
    HOST.lastIndex = at + 1;
    const host = HOST.exec(text)?.[0];
    if (host === undefined || EXAMPLE_HOST.test(host) || password === user || isStandIn(password)) continue;
    found.push({ kind: 'url-password', start: at - password.length, end: at });
  }
  return found;
}

function isStandIn(password: string): boolean {
  return GUESSABLE.test(password) || VARIABLE.test(password) || isPlaceholder(password);
}
