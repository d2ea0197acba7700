import { calleeOf, detailOf, enclosing, functionBefore } from '../place.ts';
import type { SiteCheck, SiteChecks } from '../rule.ts';
import { closingQuote, commentsAbove, lineEnd } from '../text.ts';
import type { SiteKind } from '../../types/syntax.ts';

const SHELL =
  /^\(\s*(?:String::from\(\s*)?r?"(?:[\w./:\\-]*[/\\])?(sh|bash|zsh|dash|ksh|fish|cmd|powershell|pwsh)(?:\.exe)?"/i;
const WINDOW = 1500;
const PIECE = /^(?:\w+::from\(\s*)?&?r?#*"[^"]*"#*\s*\)?(?:\.(?:into|to_string|to_owned)\(\))?$/;
/** `.arg("-c")`, `["-lc", …]`, `.args(&["/C", …])`: what follows is run by the shell. */
const COMMAND_FLAG =
  /"(?:-[a-z]*c|\/[CcKk]|-[Cc]ommand|-EncodedCommand)"(?:\s*\.\s*(?:into|to_string|to_owned)\(\))?\s*(?:,|\)\s*(?:;\s*\w+\s*)?\.\s*args?\s*\()\s*/;
const STATEMENT: ReadonlySet<SiteKind> = new Set(['block', 'fn', 'closure', 'unsafe-block', 'async-block']);

/** `Command::new("sh").arg("-c").arg(<not a literal>)`, in one chain or on one builder. */
const shell: SiteCheck = (file, site, index) => {
  const { text } = file;
  const callee = calleeOf(file, site);
  if (!/(?:^|::)Command::new$|^(?:Std|Tokio)?Command::new$/.test(callee)) return null;
  if (!SHELL.test(detailOf(file, site))) return null;
  const scope = file.sites[enclosing(file.sites, index, STATEMENT)];
  const window = text.slice(site.end, Math.min(scope?.end ?? text.length, site.end + WINDOW));
  const flag = COMMAND_FLAG.exec(window);
  if (flag === null || /\bCommand::new\b/.test(window.slice(0, flag.index))) return null;
  const argument = argumentAt(window, flag.index + flag[0].length);
  if (argument === '' || isFixed(argument, text) || isPieced(functionBefore(file, site), argument))
    return null;
  if (/\b(?:shell|sh|bash)\b/i.test(commentsAbove(text, site.start))) return null;
  const built =
    /format!|\+|concat|join|push_str|replace/.test(argument) || isBuilt(text, argument, site.start);
  return {
    rule: 'shell-injection',
    start: site.start,
    end: Math.min(site.end, lineEnd(text, site.start)),
    ...(built ? {} : { severity: 'medium' as const }),
    message: built
      ? 'The command line is put together from parts: a quote, `;` or `$( )` in one of them runs what its author likes.'
      : 'A shell interprets text that is not fixed here: whoever can influence it runs what they like.',
    suggestion: 'Start the program itself and pass each value by `.arg(…)`; no shell then interprets it.',
  };
};

/** The expression up to the comma or bracket that ends it. */
function argumentAt(text: string, from: number): string {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') at = closingQuote(text, at);
    else if ('([{'.includes(character)) depth += 1;
    else if (depth === 0 && ')]},'.includes(character)) return text.slice(from, at).trim();
    else if (')]}'.includes(character)) depth -= 1;
  }
  return text.slice(from).trim();
}

/** A literal, a constant by its name, or a variable bound to a literal. */
function isFixed(argument: string, text: string): boolean {
  const bare = argument
    .replace(/^&\s*/, '')
    .replace(/\.(?:into|to_string|to_owned|as_str|as_ref|clone)\(\)$/, '');
  if (/^r?#*"[^]*"#*$/.test(bare) && !/^r?#*"[^"]*"#*\s*[.+,]/.test(bare)) return true;
  if (/^(?:\w+::)*[A-Z][A-Z0-9_]*$/.test(bare) || /^(?:include_str|concat|env)!\(/.test(bare)) return true;
  return (
    /^\w+$/.test(bare) &&
    new RegExp(`\\blet\\s+${bare}(?:\\s*:[^=;]{1,40})?\\s*=\\s*r?#*"[^"]*"#*\\s*;`).test(text)
  );
}

/** A variable that is put together from literals alone: `let mut line = base.clone(); line.push(" -v");`. */
function isPieced(before: string, argument: string, depth = 0): boolean {
  const name = /^&?\s*(?:mut\s+)?(\w+)(?:\.(?:clone|as_str|as_ref)\(\))?$/.exec(argument)?.[1];
  if (name === undefined || depth > 2) return false;
  const bound = [
    ...before.matchAll(
      new RegExp(`\\blet\\s+(?:mut\\s+)?${name}\\b(?:\\s*:[^=;]{1,40})?\\s*=([^;]{1,200});`, 'g'),
    ),
  ].at(-1);
  if (bound?.[1] === undefined) return false;
  const rest = before.slice(bound.index + bound[0].length);
  const pushed = [...rest.matchAll(new RegExp(`\\b${name}\\.push(?:_str)?\\(([^;]{0,200})\\);`, 'g'))];
  if (!pushed.every(([, part = '']) => PIECE.test(part.trim()))) return false;
  return PIECE.test(bound[1].trim()) || isPieced(before.slice(0, bound.index), bound[1].trim(), depth + 1);
}

function isBuilt(text: string, argument: string, before: number): boolean {
  const name = /^&?\s*(\w+)/.exec(argument)?.[1];
  if (name === undefined) return false;
  const near = text.slice(Math.max(0, before - WINDOW), before);
  return new RegExp(`\\blet\\s+(?:mut\\s+)?${name}\\b[^;]{0,60}=\\s*(?:format!|[^;]{0,200}\\+\\s*&)`).test(
    near,
  );
}

export const shellChecks: SiteChecks = { calls: { new: shell } };
