import type { SentItem } from '../../lens/lens.ts';
import type { PackedUnit } from '../../lens/pack.ts';
import type { Redaction, Redactor } from '../../llm/redact.ts';
import type { ParserPool, ParseSource } from '../pool.ts';
import type { Rendered } from '../jobs.ts';

/** A secret that was not sent: where it stands, and of which kind it is. */
export interface Redacted {
  readonly path: string;
  readonly line: number;
  readonly kind: string;
}

/** The units of a request with their texts as they may leave the machine. */
export interface Sendable {
  readonly items: readonly SentItem[];
  readonly units: readonly PackedUnit[];
  readonly redacted: readonly Redacted[];
}

/** Where texts come from. */
export interface RenderFrom {
  readonly pool: ParserPool;
  readonly source: ParseSource;
  /** The planned content hash of a file. */
  readonly hashOf: (path: string) => string | null;
}

/**
 * Reads the files of some units once more and takes the texts from them. A unit whose file is no longer the
 * planned one is left out: the next sync will see it.
 */
export async function renderUnits(
  { pool, source, hashOf }: RenderFrom,
  redact: Redactor,
  units: readonly PackedUnit[],
): Promise<Sendable> {
  const paths = [...new Set(units.map(({ file }) => file))];
  const files = new Map<string, Rendered>();
  // No size: each was parsed before, as it must still stand, so that it holds no surprise for any thread.
  const inputs = paths.map((path) => ({
    ...{ path, role: 'library' as const, size: 0 },
    contentHash: hashOf(path),
  }));
  await pool.each('render', source, inputs, (outcome) => {
    if (outcome.kind !== 'done' || outcome.value.contentHash !== hashOf(outcome.path)) return;
    files.set(outcome.path, outcome.value);
  });
  const items: SentItem[] = [];
  const kept: PackedUnit[] = [];
  const redacted: Redacted[] = [];
  for (const packed of units) {
    const found = files.get(packed.file)?.units.find(({ start }) => start === packed.unit.start);
    const { hash, context: digest, addition } = packed.unit;
    if (found === undefined || found.hash !== hash || found.context !== (addition?.base ?? digest)) continue;
    const text = redact(found.text);
    const context = redact(found.contextText + (addition?.text ?? ''));
    items.push(sentItem(packed, text, context));
    kept.push(packed);
    for (const { kind, start } of text.hits) {
      const line = found.line + found.text.slice(0, start).split('\n').length - 1;
      redacted.push({ path: packed.file, line, kind });
    }
  }
  return { items, units: kept, redacted };
}

function sentItem({ id, file, unit }: PackedUnit, text: Redaction, context: Redaction): SentItem {
  const replaced = text.hits.map(({ start, end, kind }) => ({
    start,
    end,
    length: `[REDACTED:${kind}]`.length,
  }));
  return { id, file, hash: unit.hash, text: text.text, context: context.text, replaced };
}
