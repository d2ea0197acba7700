import { currentReport } from '../../pipeline/findings/current.ts';
import type { Severity } from '../../types/finding.ts';
import { SEVERITIES } from '../../types/finding.ts';
import { atLeast } from '../../util/severity.ts';
import { inputOf, outputOf, PATHS } from '../schema.ts';
import { targetsIn } from '../scope.ts';
import { namingIn } from '../text.ts';
import type { Answer, Call } from '../tool.ts';
import { tool } from '../tool.ts';
import { findingsText, worstOf } from './worst.ts';

interface Args {
  readonly paths?: readonly string[];
  readonly severity: Severity;
  readonly limit: number;
}

export const findingsTool = tool<Args>({
  name: 'findings',
  title: 'List findings in Rust code',
  description:
    'Lists what is known to be wrong in Rust code: findings of local rules, worked out anew for files that have changed, and of LLM reviews that were paid for earlier. Sends nothing and costs nothing. Use it before and after an edit, to see what to mend and whether a change brought something in. Returns each finding with file, lines, rule, severity, reason and suggestion, the worst first.',
  input: inputOf({
    paths: PATHS,
    severity: {
      description: 'The mildest that is listed',
      type: 'string',
      enum: SEVERITIES,
      default: 'medium',
    },
    limit: { description: 'Findings at most', type: 'integer', minimum: 1, maximum: 200, default: 50 },
  }),
  output: async () => outputOf((await import('../../../schemas/analyze.schema.json')).default),
  run,
});

/** The ledger and the answers of all repositories: one call at a time has them open. */
const ANSWERS = 'answers';

async function run(call: Call, { paths = [], severity, limit }: Args): Promise<Answer> {
  const { host, kept, scope } = call;
  const targets = await targetsIn(host, scope, paths);
  const roots = targets.map(({ root }) => root.root);
  const detail = atLeast(severity, 'medium') ? { kind: 'worst' as const, limit } : { kind: 'all' as const };
  const { report, why } = await kept.turns.take([...roots, ANSWERS], host.signal, () =>
    currentReport({ ...call, pool: kept.pool }, targets, detail),
  );
  const structured = worstOf(report, severity, limit);
  const naming = namingIn(roots);
  const hint = why === '' ? '' : `note: local rules only: ${why}\n`;
  return { structured, text: `${naming.head}${findingsText(structured, severity, naming)}${hint}` };
}
