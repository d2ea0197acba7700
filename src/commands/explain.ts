import { UserError } from '../errors.ts';
import type { RuleInfo } from '../lint/rule.ts';
import { precisionOf } from '../lint/words.ts';
import { reportJson } from '../report/json.ts';
import { nearest } from '../util/nearest.ts';
import { printable } from '../util/printable.ts';
import { REPORT_SCHEMA_VERSION } from '../version.ts';
import type { CommandModule } from './command.ts';
import { formatOf, TEXT_OR_JSON } from './common.ts';

export const explainCommand: CommandModule = {
  define(command) {
    command
      .argument(
        '[rule]',
        'a rule id, as it stands in brackets in a finding; without one all rules are listed',
      )
      .option('--format <format>', 'text or json', 'text')
      .addHelpText(
        'after',
        '\nExamples:\n  rustassistant explain lock-across-await\n  rustassistant explain --json',
      );
  },
  async run(host, [wanted], options) {
    const format = formatOf(options, TEXT_OR_JSON);
    const { RULES } = await import('../lint/table.ts');
    const rules = wanted === undefined ? RULES : [await find(RULES, wanted)];
    if (format === 'json') {
      host.stdout.write(reportJson({ schemaVersion: REPORT_SCHEMA_VERSION, rules }));
    } else if (wanted === undefined) {
      for (const { id, severity, title } of rules) {
        host.stdout.write(`${id.padEnd(28)} ${severity.padEnd(9)} ${title}\n`);
      }
    } else {
      for (const rule of rules) host.stdout.write(explanation(rule));
    }
    return 0;
  },
};

async function find(rules: readonly RuleInfo[], wanted: string): Promise<RuleInfo> {
  const known = rules.find(({ id }) => id === wanted);
  if (known !== undefined) return known;
  if (/^(?:review|safety)(?:\/|$)/.test(wanted)) {
    const message = `"${wanted}" is what the model found, by no rule of this program`;
    throw new UserError(
      'unknown-rule',
      message,
      'What it means stands in the finding itself; its rules: rustassistant explain',
    );
  }
  const near = await nearest(
    wanted,
    rules.map(({ id }) => id),
  );
  const meant = near !== null && near.distance <= near.name.length / 2 ? `Did you mean ${near.name}? ` : '';
  throw new UserError('unknown-rule', `no rule is called "${wanted}"`, `${meant}All: rustassistant explain`);
}

function explanation(rule: RuleInfo): string {
  const where = rule.libraryOnly ? 'library code only' : 'all code';
  const weakness = rule.cwe === null ? '' : `, CWE-${rule.cwe}`;
  return `${rule.id} (${rule.severity}, ${rule.category}${weakness}, ${where}): ${rule.title}

${rule.what}

Why: ${rule.why}

Mend: ${rule.mend}

Judged by hand: ${precisionOf(rule)}

It fires here:

${indented(rule.fires)}

and not here:

${indented(rule.silent)}

Silence one place:   // rustassistant:allow(${rule.id}) the reason
Silence everywhere:  [rules] ${rule.id} = "off" in config.toml or .rustassistant.toml
`;
}

const LONGEST_EXAMPLE = 20;

function indented(example: string): string {
  const lines = example.split('\n').map((line) => `    ${printable(line)}`);
  return (lines.length <= LONGEST_EXAMPLE ? lines : [...lines.slice(0, 4), '    ...']).join('\n');
}
