import { calleeOf, detailOf, enclosing } from '../place.ts';
import type { Hit, LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { closingQuote, lineEnd, splitAtCommas } from '../text.ts';
import type { Site, SiteKind } from '../../types.ts';

const SHELL =
  /^\(\s*(?:String::from\(\s*)?r?"(?:[\w./:\\-]*[/\\])?(sh|bash|zsh|dash|ksh|fish|cmd|powershell|pwsh)(?:\.exe)?"/i;
const WINDOW = 1500;
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
  if (argument === '' || isFixed(argument, text)) return null;
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

function isBuilt(text: string, argument: string, before: number): boolean {
  const name = /^&?\s*(\w+)/.exec(argument)?.[1];
  if (name === undefined) return false;
  const near = text.slice(Math.max(0, before - WINDOW), before);
  return new RegExp(`\\blet\\s+(?:mut\\s+)?${name}\\b[^;]{0,60}=\\s*(?:format!|[^;]{0,200}\\+\\s*&)`).test(
    near,
  );
}

const QUERIES =
  /(?:^|[.:])(?:query\w*|execute\w*|prepare\w*|exec\w*|sql_query|raw_sql|raw_query|raw|simple_query|batch_execute|fetch_\w+|sql)$/i;
const STATEMENT_START =
  /^\s*(?:(?:SELECT\s[^]*?\sFROM|INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|REPLACE\s+INTO|DROP\s+(?:TABLE|DATABASE|INDEX|VIEW|USER|SCHEMA)|ALTER\s+(?:TABLE|USER)|CREATE\s+(?:TABLE|USER|DATABASE)|TRUNCATE\s+TABLE|GRANT\s+\w+[^]*?\sON|WITH\s+\w+\s+AS\s*\()|(?:select\s[^]*?\sfrom\s[^]*?\swhere|insert\s+into\s[^]*?\svalues|update\s+\S+\s+set\s+\S+\s*=|delete\s+from\s[^]*?\swhere))(?=[\s(]|$)/;
/** An interpolation where a value stands: after `=`, `<`, `LIKE`, `VALUES (`, or inside quotes. */
const VALUE_POSITION =
  /(?:[=<>]|\bLIKE|\bVALUES\s*\([^)]*|\bBETWEEN|\bAND|\bLIMIT|\bOFFSET)\s*['"%(\\]*\{[^{}]*\}(?!\.)|['"]%?\{[^{}]*\}%?\\?['"]/i;
const CALLS: ReadonlySet<SiteKind> = new Set(['call', 'macro']);

/** `format!("SELECT … WHERE name = '{}'", name)`. */
const sqlFormat: SiteCheck = (file, site, index) => {
  const args = detailOf(file, site);
  const literal = firstLiteral(args);
  if (literal === null || !STATEMENT_START.test(literal.text)) return null;
  const holes = literal.text.replace(/\{\{|\}\}/g, '');
  if (!/\{[^{}]*\}/.test(holes)) return null;
  const values = interpolated(holes, args.slice(literal.end));
  if (values.length > 0 && values.every(isHarmless)) return null;
  return sqlHit(file, site, index, VALUE_POSITION.test(holes));
};

function sqlHit(file: LintFile, site: Site, index: number, value: boolean): Hit {
  const outer = file.sites[enclosing(file.sites, index, CALLS)];
  const run = outer !== undefined && QUERIES.test(calleeOf(file, outer).replace(/::<.*>$/, ''));
  return {
    rule: 'sql-injection',
    start: site.start,
    end: Math.min(site.end, lineEnd(file.text, site.start)),
    ...(value ? {} : { severity: run ? ('medium' as const) : ('low' as const) }),
    message: value
      ? 'A value becomes part of the statement’s text: a quote in it rewrites the statement.'
      : 'Part of the statement’s text comes from outside of it; a name that is not from a fixed list rewrites the statement.',
    suggestion: value
      ? 'Keep the text fixed and bind the value (`?`, `$1`, `.bind(value)`).'
      : 'Take table and column names from a fixed list in the code, or quote them as the database documents.',
  };
}

interface Literal {
  readonly text: string;
  readonly end: number;
}

/** The first string literal of a macro's arguments, where the format string stands. */
function firstLiteral(args: string): Literal | null {
  const raw = /^[([{]\s*(?:&?(?:mut\s+)?[\w.]+\s*,\s*)?(?:concat!\(\s*)?(r(#*))?"/.exec(args);
  if (raw === null) return null;
  const from = raw[0].length;
  const fence = `"${raw[2] ?? ''}`;
  const close = raw[1] === undefined ? closingQuote(args, from - 1) : args.indexOf(fence, from);
  if (close === -1 || close >= args.length) return null;
  const text = args.slice(from, close);
  return {
    text: raw[1] === undefined ? text.replace(/\\[nrt]|\\\r?\n/g, ' ').replaceAll('\\"', '"') : text,
    end: close + fence.length,
  };
}

/** What is put in: inline names, and the macro's further arguments. */
function interpolated(literal: string, rest: string): string[] {
  const inline = [...literal.matchAll(/\{([A-Za-z_]\w*)[^{}]*\}/g)].map((match) => match[1] as string);
  const positional = splitAtCommas(rest.replace(/[)\]}]\s*$/, ''));
  const named = new Map(
    positional.flatMap((part) =>
      [/^(\w+)\s*=\s*([^=].*)$/s.exec(part)].flatMap((match) =>
        match === null ? [] : [[match[1], match[2]] as const],
      ),
    ),
  );
  return [
    ...inline.map((name) => named.get(name) ?? name),
    ...positional.filter((part) => !/^\w+\s*=[^=]/.test(part)),
  ];
}

/** Constants by their name, lists of placeholders, numbers and quoted identifiers carry no foreign text. */
function isHarmless(value: string): boolean {
  return (
    /^&?(?:\w+::)*[A-Z][A-Z0-9_]*$/.test(value) ||
    /placeholder|\bplaces\b|\brepeat\b|params?_?(?:list|str)|quote|escap|sanitiz|\bident/i.test(value) ||
    /\.(?:len|count|as_secs|as_millis|timestamp\w*)\(\)|\bas\s+[iu]\d+|^\d+$/.test(value)
  );
}

const MAY_BE_JOINED = /^\s*(?:\+|\.|\))/;

/** `"SELECT … WHERE name = '".to_string() + name`. */
const sqlConcat: SiteCheck = (file, site, index) => {
  const { text } = file;
  if (!MAY_BE_JOINED.test(text.slice(site.end, site.end + 3))) return null;
  const literal = text.slice(site.start, Math.min(site.end, site.start + 2_000));
  const after = /^\s*(?:\.\s*(?:to_string|to_owned|into)\(\)|\))?\s*\+\s*(?!=)\s*(&?\s*[\w.]+)/.exec(
    text.slice(site.end, site.end + 160),
  );
  if (after === null || /^&?(?:\w+\.)*[A-Z][A-Z0-9_]*$/.test(after[1] ?? '')) return null;
  if (!STATEMENT_START.test(literal.replace(/^b?r?#*"/, '').replace(/"#*$/, ''))) return null;
  return sqlHit(file, site, index, /[=<>'(%]\s*"#*$|\bLIKE\s*['"]*$/i.test(literal));
};

export const injectionChecks: SiteChecks = {
  calls: { new: shell },
  macros: { format: sqlFormat, write: sqlFormat, writeln: sqlFormat, format_args: sqlFormat },
  kinds: { string: sqlConcat },
};
