import { loadGrammar } from '../../src/syntax/grammar.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import type { AuditedSite } from '../../src/unsafe/audit.ts';
import { auditSite } from '../../src/unsafe/audit.ts';
import { unsafeFacts } from '../../src/unsafe/inventory.ts';
import { originOf } from '../../src/unsafe/resolve.ts';
import type { UnsafeFacts } from '../../src/unsafe/site.ts';
import { lineIndex } from '../../src/util/lines.ts';

const grammar = await loadGrammar();

export function factsOf(text: string): UnsafeFacts {
  return unsafeFacts(parseFile(grammar, text), lineIndex(text));
}

/** The places of a file that knows its own declarations alone. */
export function audited(text: string): AuditedSite[] {
  const facts = factsOf(text);
  const own = originOf('crate', '', [facts]);
  return facts.sites.map((site) => auditSite(site, [own]));
}

/** The first block's operations as `kind path`, a question mark where it is not certain. */
export function done(text: string): string[] {
  const block = audited(text).find(({ kind }) => kind === 'block');
  if (block === undefined) throw new Error('no block');
  return block.operations.map(
    ({ kind, text: written, certain, contract }) =>
      `${kind} ${contract?.path ?? written}${certain ? '' : '?'}`,
  );
}
