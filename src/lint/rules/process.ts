import {
  calleeOf,
  firstLine,
  functionAround,
  functionText,
  inLibrary,
  inMacroDefinition,
  itemsAround,
  mentions,
} from '../place.ts';
import type { LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { isCommented } from '../text.ts';
import type { Item, Site } from '../../types/syntax.ts';

/** Functions whose name says that they write to the terminal, or that they are a program's own. */
const SPEAKS =
  /print|dump|display|show|usage|help|version|trace|debug|log|warn|report|echo|emit|repl|main|cli|draw|render|stdout|stderr|inspect/i;
const PROGRAM =
  /(?:^|\/)(?:bin|cli|cmd|commands?|examples?)(?:\/|\.rs$)|(?:^|\/)(?:main|logg?er|logging|term\w*|console|args?|xtask|print\w*|report\w*|messages?|output|progress\w*|display)\b|\w_term\.rs$/;
/** After a fork one of the two processes ends by design. */
const FORKS = /\bfork\w*\s*\(/;
const IMPORTED_EXIT = /\buse\s[^;]{0,200}\bprocess::(?:exit\b|\{[^}]{0,200}\bexit\b)/;

const exit: SiteCheck = (file, site) => {
  if (!inLibrary(file, site) || inMacroDefinition(file, site)) return null;
  const callee = calleeOf(file, site);
  if (!callee.endsWith('process::exit') && !(callee === 'exit' && mentions(file, IMPORTED_EXIT))) return null;
  if (isCommented(file.text, site) || isMeantToEnd(functionAround(file, site))) return null;
  if (FORKS.test(functionText(file, site)) || mentions(file, COMMAND_LINE)) return null;
  return {
    rule: 'exit-in-library',
    ...firstLine(file, site),
    message:
      'The program of whoever calls this library ends here: no destructor runs, nothing is flushed, no caller is asked.',
    suggestion: 'Return an error and let the program decide.',
  };
};

/** `fn run(self) -> !` says so in its type, `fn exit_with` by its name, others in their documentation. */
function isMeantToEnd(around: Item | undefined): boolean {
  if (around === undefined) return false;
  const { name, signature, doc } = around;
  return (
    /exit|abort|main|usage/i.test(name) ||
    /->\s*(?:!|[\w:]*Infallible\b)/.test(signature) ||
    /\b(?:exit(?:s|ed|ing)?|terminat\w+|ends? the (?:process|program))\b/i.test(doc)
  );
}

/** A file that reads the command line is a program's, wherever it lies. */
const COMMAND_LINE =
  /\b(?:clap|getopts|structopt|docopt|pico_args|argh|gumdrop|lexopt)::|\bArgMatches\b|\benv::args/;

const print: SiteCheck = (file, site) => {
  if (!inLibrary(file, site) || inMacroDefinition(file, site) || PROGRAM.test(file.path)) return null;
  if (mentions(file, COMMAND_LINE)) return null;
  if (isCommented(file.text, site) || isMeantToPrint(file, site)) return null;
  const debug = site.name === 'dbg';
  return {
    rule: 'print-in-library',
    ...firstLine(file, site),
    ...(debug ? { severity: 'medium' as const } : {}),
    title: `${site.name}! in library code`,
    message: debug
      ? 'A trace of debugging was left behind: it writes to the standard error of every program that links this.'
      : 'It writes into the output of a program that did not ask for it and cannot turn it off.',
    suggestion: debug
      ? 'Delete it.'
      : 'Return the text, take a writer, or use the `log` or `tracing` macros.',
  };
};

function isMeantToPrint(file: LintFile, site: Site): boolean {
  for (const item of itemsAround(file, site)) {
    if (item.kind === 'fn' && (SPEAKS.test(item.name) || /\bprint(?:s|ed|ing)?\b/i.test(item.doc)))
      return true;
    if (item.attributes.some((attribute) => /cfg\(.*(?:debug|trace|test|feature)/.test(attribute)))
      return true;
  }
  const before = file.text.slice(Math.max(0, site.start - 300), site.start);
  // The last words of a process.
  if (/^;?\s*[\w:]*(?:exit|abort)\(/.test(file.text.slice(site.end, site.end + 60))) return true;
  return (
    /(?:\b|_)(?:verbose|quiet|debug|trace|cfg!|DEBUG|VERBOSE|TRACE)\w*[^;]*$/.test(before) ||
    /\bcargo:/.test(file.text.slice(site.detail, site.detail + 20))
  );
}

export const processChecks: SiteChecks = {
  calls: { exit },
  macros: { println: print, print, eprintln: print, eprint: print, dbg: print },
};
