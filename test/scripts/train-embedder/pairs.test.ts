import { afterAll, expect, test } from 'vitest';
import { newSeen } from '../../../scripts/train-embedder/duplicates.ts';
import type { Pair } from '../../../scripts/train-embedder/pairs.ts';
import { pairsOf } from '../../../scripts/train-embedder/pairs.ts';
import { chunksOf } from '../../../src/search/chunks.ts';
import { loadGrammar } from '../../../src/syntax/grammar.ts';
import { parseFile } from '../../../src/syntax/parse.ts';

const grammar = await loadGrammar();
afterAll(() => grammar.close());
const pairs = (code: string): Pair[] => pairsOf('src/pool.rs', chunksOf(parseFile(grammar, code)));

const CODE = `//! Connections that are kept open for the next request.

/// Hands out a free connection to the caller. Waits where there is none.
///
/// Never longer than a minute.
pub fn acquire(pool: &Pool) -> Connection {
    // The oldest connection is closed first by the server.
    pool.idle.pop_front()
}

#[cfg(test)]
mod tests {
    /// Checks that a connection is handed out again.
    #[test]
    fn again() {}
}
`;

test('documentation, comments and heads of files ask for code that does not hold them', () => {
  const found = pairs(CODE);
  expect(found.map(({ kind, sentence }) => [kind, sentence])).toEqual([
    ['doc', 'Hands out a free connection to the caller.'],
    ['comment', 'The oldest connection is closed first by the server.'],
    ['module', 'Connections that are kept open for the next request.'],
  ]);
  const [doc, comment] = found as [Pair, Pair];
  expect(doc.docAfterSentence).toBe('Waits where there is none.\nNever longer than a minute.');
  expect(doc.docAfterParagraph.trim()).toBe('Never longer than a minute.');
  expect(comment.code).not.toContain('oldest');
});

test('what was copied is learnt once, whatever it is called', () => {
  const [doc] = pairs(CODE) as [Pair];
  const seen = newSeen();
  expect(seen.isNew(doc)).toBe(true);
  expect(seen.isNew(doc)).toBe(false);
  expect(seen.isNew({ ...doc, sentence: 'Something else about the same code.' })).toBe(false);
  const code = 'let mut total = 0;\nfor line in text.lines() {\n    total += line.len();\n}\ntotal';
  expect(seen.isNew({ ...doc, sentence: 'Counts the bytes of all lines.', code })).toBe(true);
});
