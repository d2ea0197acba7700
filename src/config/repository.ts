import type { RuleSetting } from '../types/finding.ts';
import type { Notice } from '../types/run.ts';
import { rank } from '../util/severity.ts';
import type { Checked, KnownRules, Layer, Setting } from './layer.ts';
import { describeProblems, shown } from './problem.ts';
import type { Problem } from './problem.ts';
import { KEYS, isKey } from './keys.ts';
import type { Key } from './keys.ts';

/** The file in an analysed repository. */
export const REPOSITORY_FILE = '.rustassistant.toml';

const IGNORED = 'repository-config-ignored';

export interface Tightened {
  readonly layer: Layer;
  readonly notices: readonly Notice[];
}

/**
 * What a repository's own file may say over `current`, the user's settings: the code under analysis
 * may be hostile, so nothing in it can cost more or send more. What it may not say is left out with a
 * notice and is never an error, which would let a repository stop the run. Rules may be set at will,
 * but those that then say less than before are named.
 */
export async function tighten(
  checked: Checked,
  current: Layer,
  rules: KnownRules | null,
): Promise<Tightened> {
  const layer = new Map<string, Setting>();
  const problems: Problem[] = [...checked.problems];
  const quieter: string[] = [];
  for (const [key, setting] of checked.layer) {
    const before = current.get(key)?.value;
    if (!isKey(key)) {
      layer.set(key, setting);
      if (saysLess(key, setting.value, before, rules)) quieter.push(key.slice('rules.'.length));
      continue;
    }
    const row = KEYS[key] as Key<unknown>;
    if (row.repository?.(before, setting.value) === true) layer.set(key, setting);
    else problems.push({ origin: setting.origin, about: refusal(key, row, before) });
  }
  const notices = (await describeProblems(problems)).map((message) => ({
    code: IGNORED,
    message: `${message} (ignored)`,
  }));
  return { layer, notices: quieter.length === 0 ? notices : [...notices, quieted(quieter)] };
}

/** The whole file is left out: `why` completes "… is ". */
export function ignoredWhole(why: string): Notice {
  return { code: IGNORED, message: `${REPOSITORY_FILE} is ${why} and was not read` };
}

function refusal(key: string, row: Key<unknown>, current: unknown): string {
  if (row.repository === undefined) return `a repository may not set ${key}`;
  return `a repository may only tighten ${key}, which is ${row.kind.show(current)}`;
}

/** `check` has seen to it that both are settings of a rule. */
function saysLess(key: string, asked: unknown, user: unknown, rules: KnownRules | null): boolean {
  const before = user ?? rules?.get(key.slice('rules.'.length)) ?? 'critical';
  return rank(asked as RuleSetting) > rank(before as RuleSetting);
}

function quieted(rules: readonly string[]): Notice {
  const some = rules.slice(0, 20).map((rule) => shown(rule).slice(1, -1));
  const more = rules.length > some.length ? ` and ${rules.length - some.length} more` : '';
  const message = `${REPOSITORY_FILE} turns down or off: ${some.join(', ')}${more}`;
  return { code: 'repository-rules-lowered', message };
}
