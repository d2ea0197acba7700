import { calleeOf, functionAround, functionBefore, inTraitImpl } from '../place.ts';
import type { Hit, LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { commentBeside, commentsAbove, lineEnd } from '../text.ts';
import type { Site } from '../../types/syntax.ts';

/** Calls whose failure loses data or state that the program goes on to rely on. */
const LOSES = new Set(
  (
    'write_all write_fmt flush sync_all sync_data set_len set_permissions rename copy ' +
    'hard_link persist commit rollback save store execute execute_batch insert_one update_one delete_one ' +
    'authenticate verify verify_signature check_password set_nonblocking bind'
  ).split(' '),
);
/** Calls whose failure is commonly meant to be passed over. */
const MAY_FAIL = new Set(
  (
    'send try_send blocking_send unbounded_send send_to join shutdown set set_logger try_init init dotenv kill abort ' +
    'notify from_filename set_nodelay set_tcp_nodelay compare_exchange compare_exchange_weak remove_file remove_dir_all ' +
    'remove_dir write writeln close set_read_timeout set_write_timeout install inspect_err map_err log_err warn_err recv recv_timeout changed exec unwrap expect ' +
    'create_dir create_dir_all'
  ).split(' '),
);

/** Functions that try, or that are on the way down. */
const GIVES_UP =
  /best_effort|try_|ignor|peek|probe|detect|kill|close|shut_?down|stop|clean_?up|disconnect|abort|cancel/;
/** What is written to a terminal is not lost for long; a child that its input did not reach tells by its status. */
const TERMINAL = /\bstd(?:out|err)\b|stdin\b/;
/** A logger has nobody to tell. */
const LOGGER = /(?:^|\/)\w*log(?:s|gers?|ging|_\w+)?(?:\.rs$|\/)/;

/** `let _ = file.sync_all();` */
const discarded: SiteCheck = (file, site, index) => {
  const call = lastCall(file, index);
  if (call === null || !LOSES.has(call.name)) return null;
  return ignored(file, site, call.name, calleeOf(file, call));
};

/** `file.sync_all().ok();` as a statement. */
const okAsStatement: SiteCheck = (file, site) => {
  const { text } = file;
  // A build script probes what there is.
  if (file.role === 'build') return null;
  if (
    !/^\(\s*\)$/.test(text.slice(site.detail, site.end)) ||
    !/^\s*;/.test(text.slice(site.end, site.end + 8))
  )
    return null;
  if (!beginsStatement(text, site.start)) return null;
  const callee = calleeOf(file, site);
  const method = /(\w+)(?:::<[^()]*>)?\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)(?:\.await)?\.ok$/.exec(
    callee,
  )?.[1];
  if (method === undefined || MAY_FAIL.has(method) || /^(?:try|remove)_/.test(method)) return null;
  return ignored(file, site, method, callee);
};

function ignored(file: LintFile, site: Site, method: string, callee: string): Hit | null {
  const { text } = file;
  if (commentsAbove(text, site.start) !== '' || commentBeside(text, site.end) !== '') return null;
  if (commentsAbove(text, site.start, isLocal) !== '') return null;
  if (LOGGER.test(file.path)) return null;
  if (TERMINAL.test(callee) || isInMemory(file, site, callee) || isLastResort(file, site)) return null;
  return {
    rule: 'ignored-result',
    start: site.start,
    end: Math.min(site.end, lineEnd(text, site.start)),
    title: `error of \`${method}\` ignored`,
    message: `If \`${method}\` fails, the program goes on as if it had not.`,
    suggestion: 'Handle or return the error; where it truly does not matter, say so in a comment.',
  };
}

/** `let path = …;` between a comment and what it speaks of. */
function isLocal(line: string): boolean {
  return /^let \w+ = .*;$/.test(line);
}

/** What is written to a buffer cannot fail, and what is written to a terminal is not lost for long. */
function isInMemory(file: LintFile, site: Site, callee: string): boolean {
  const writer = /^(?:&mut)?(\w+)\./.exec(callee)?.[1];
  if (writer === undefined) return false;
  return new RegExp(
    `\\b${writer}\\b\\s*(?::[^=;]{0,60})?(?:=\\s*(?:vec!|(?:\\w+::)*std(?:out|err)\\b|Vec::|String::|BytesMut::|\\w*StringWriter::|\\w*Cursor::|&mut self\\.buf)|:\\s*&mut\\s+(?:Vec<|String\\b))`,
  ).test(functionBefore(file, site));
}

/** Where no error can be told: a destructor, a trait's method that returns nothing, the way out with another error. */
function isLastResort(file: LintFile, site: Site): boolean {
  const around = functionAround(file, site);
  if (around !== undefined) {
    if (inTraitImpl(file, around) && !around.signature.includes('->')) return true;
    if (GIVES_UP.test(around.name)) return true;
  }
  return /^;?\s*(?:\(?\s*Err\(|return\b|break\b)/.test(file.text.slice(site.end, site.end + 80));
}

/** The outermost call of a discarded value, through `.await`: what fails. */
function lastCall({ text, sites }: LintFile, index: number): Site | null {
  const { start, end } = sites[index] as Site;
  let last: Site | null = null;
  for (let at = index + 1; at < sites.length && (sites[at] as Site).start < end; at += 1) {
    const site = sites[at] as Site;
    if (site.kind !== 'call' || site.start < start) continue;
    if (last === null || site.end > last.end) last = site;
  }
  if (last === null) return null;
  return /^(?:\s*\.\s*await)?\s*;?\s*$/.test(text.slice(last.end, end)) ? last : null;
}

function beginsStatement(text: string, start: number): boolean {
  let at = start - 1;
  while (at >= 0 && /\s/.test(text.charAt(at))) at -= 1;
  return at < 0 || /[;{}/]/.test(text.charAt(at));
}

export const resultChecks: SiteChecks = { calls: { ok: okAsStatement }, kinds: { discard: discarded } };
