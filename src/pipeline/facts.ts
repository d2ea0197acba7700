import { unitsOf } from '../lens/context.ts';
import { lint } from '../lint/lint.ts';
import { todosOf } from '../lint/todos.ts';
import { trackedLines, withTracked } from '../lint/tracked.ts';
import type { Grammar } from '../syntax/grammar.ts';
import { parseFile } from '../syntax/parse.ts';
import type { RuleSetting } from '../types/finding.ts';
import type { FileRole } from '../types/source.ts';
import type { FileFacts } from '../types/unit.ts';
import { sha256 } from '../util/hash.ts';
import { lineIndex } from '../util/lines.ts';

export interface SourceText {
  readonly path: string;
  readonly role: FileRole;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Everything that one parse of one file tells: items, metrics, local findings. Throws what `parseFile` throws. */
export function factsOf(
  grammar: Grammar,
  { path, role, bytes, text }: SourceText,
  rules: Readonly<Record<string, RuleSetting>>,
): FileFacts {
  const syntax = parseFile(grammar, text);
  const lines = lineIndex(text);
  const tracked = trackedLines(text);
  const broken = syntax.diagnostics.find(({ kind }) => kind === 'syntax-error' || kind === 'missing-token');
  return {
    contentHash: sha256(bytes),
    lines: lines.count,
    units: unitsOf(syntax),
    findings: lint({ path, role, syntax, lines, settings: rules }).map((one) =>
      withTracked(one, tracked, rules),
    ),
    metrics: syntax.metrics,
    generated: syntax.generated,
    items: syntax.items.length,
    todos: todosOf(syntax, lines),
    broken: broken === undefined ? null : broken.message,
  };
}
