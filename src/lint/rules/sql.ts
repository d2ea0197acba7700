import { calleeOf, detailOf, enclosing } from '../place.ts';
import type { Hit, LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { closingQuote, lineEnd, splitAtCommas } from '../text.ts';
import type { Site, SiteKind } from '../../types/syntax.ts';

const QUERIES =
  /(?:^|[.:])(?:query\w*|execute\w*|prepare\w*|exec\w*|sql_query|raw_sql|raw_query|raw|simple_query|batch_execute|fetch_\w+|sql)$/i;
const STATEMENT_START =
  /^\s*(?:(?:SELECT\s[^]*?\sFROM|INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|REPLACE\s+INTO|DROP\s+(?:TABLE|DATABASE|INDEX|VIEW|USER|SCHEMA)|ALTER\s+(?:TABLE|USER)|CREATE\s+(?:TABLE|USER|DATABASE)|TRUNCATE\s+TABLE|GRANT\s+\w+[^]*?\sON|WITH\s+\w+\s+AS\s*\()|(?:select\s[^]*?\sfrom\s[^]*?\swhere|insert\s+into\s[^]*?\svalues|update\s+\S+\s+set\s+\S+\s*=|delete\s+from\s[^]*?\swhere))(?=[\s(]|$)/;
const CALLS: ReadonlySet<SiteKind> = new Set(['call', 'macro']);

/** `format!("SELECT … WHERE name = '{}'", name)`. */
const sqlFormat: SiteCheck = (file, site, index) => {
  const args = detailOf(file, site);
  const literal = firstLiteral(args);
  if (literal === null || !STATEMENT_START.test(literal.text)) return null;
  const foreign = holesOf(literal.text, args.slice(literal.end)).filter(
    ({ filling }) => !isHarmless(filling),
  );
  return foreign.length === 0
    ? null
    : sqlHit(
        file,
        site,
        index,
        foreign.some(({ value }) => value),
      );
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

/** A place of a format string that something is put into. */
interface Hole {
  /** The expression put in, or the hole's own name. */
  readonly filling: string;
  /** Whether a value stands here, rather than a name or a part of the statement. */
  readonly value: boolean;
}

const HOLE = /\{([A-Za-z_]\w*|\d*)(?::[^{}]*)?\}/g;
/** What a value stands after, brackets and double quotes apart. */
const BEFORE_VALUE =
  /(?:[=<>]|\bLIKE|\bVALUES\s*\([^()]*|\bBETWEEN|\bBETWEEN\s+\S+\s+AND|\bLIMIT|\bOFFSET)[\s(]*$/i;

/** The holes of a format string, `rest` being the macro's further arguments. */
function holesOf(literal: string, rest: string): Hole[] {
  // Doubled braces are text.
  const text = literal.replace(/\{\{|\}\}/g, '  ');
  const named = new Map<string, string>();
  const positional: string[] = [];
  for (const part of splitAtCommas(rest.replace(/[)\]}]\s*$/, ''))) {
    const [, name, value = ''] = /^(\w+)\s*=\s*([^=][^]*)$/.exec(part) ?? [];
    if (name === undefined) positional.push(part);
    else named.set(name, value);
  }
  let next = 0;
  return [...text.matchAll(HOLE)].map((match) => {
    const [hole, key = ''] = match;
    const place = key === '' ? next++ : /^\d/.test(key) ? Number(key) : null;
    const filling = place === null ? (named.get(key) ?? key) : (positional[place] ?? '');
    return { filling, value: isValueAt(text.slice(0, match.index), text.slice(match.index + hole.length)) };
  });
}

/** Within single quotes, or after an operator and not the qualifier of a column (`= {table}.id`). */
function isValueAt(before: string, after: string): boolean {
  if (before.split("'").length % 2 === 0) return true;
  return BEFORE_VALUE.test(before.replace(/["%\\]+$/, '')) && !after.startsWith('.');
}

/** Constants by their name, lists of placeholders, numbers and quoted identifiers carry no foreign text. */
function isHarmless(value: string): boolean {
  return (
    /^&?(?:\w+::)*[A-Z][A-Z0-9_]*$/.test(value) ||
    /placeholder|\bplaces\b|\brepeat\b|params|quote|escap|sanitiz|\bident/i.test(value) ||
    /\.(?:len|count|as_secs|as_millis|timestamp\w*|to_[iu]\d+)\(\)|\bas\s+[iu](?:\d+|size)\b|^\d+$/.test(
      value,
    )
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

export const sqlChecks: SiteChecks = {
  macros: { format: sqlFormat, write: sqlFormat, writeln: sqlFormat, format_args: sqlFormat },
  kinds: { string: sqlConcat },
};
