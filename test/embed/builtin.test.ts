import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BUILTIN_FILE, openBuiltin } from '../../src/embed/builtin.ts';
import type { Passage } from '../../src/embed/embedder.ts';
import { dot } from '../../src/embed/vectors.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const builtin = openBuiltin();
/** sha256 of the vectors below. */
const GOLDEN = 'c9a0fcfd23992e68cf000c8c9cc28c45d5f6d0263bdf5e51d6f7c863db647b48';

const passage = (path: string, signature: string, code: string, more: Partial<Passage> = {}): Passage => ({
  ...{ file: 'src/lib.rs', kind: 'fn', doc: '', path, signature, code },
  ...more,
});
const CODE: readonly Passage[] = [
  passage(
    'net::Pool::acquire',
    'pub async fn acquire(&self) -> Result<Connection, PoolError>',
    'loop { if let Some(idle) = self.idle.lock().pop() { return Ok(idle); } self.returned.notified().await; }',
    { file: 'src/net/pool.rs' },
  ),
  passage(
    'words::count',
    'pub fn count(path: &Path) -> io::Result<usize>',
    'let text = fs::read_to_string(path)?; Ok(text.split_whitespace().count())',
    { file: 'src/words.rs' },
  ),
  passage(
    'Parser::expr',
    'fn expr(&mut self, min: u8) -> Expr',
    'let mut left = self.atom(); while let Some(op) = self.peek_operator() { left = self.infix(left, op, min); } left',
    { file: 'src/parser.rs' },
  ),
];

describe('the embedder that comes with the program', () => {
  test('is at most 8 MB, and its card says its figures', () => {
    expect(statSync(join(ROOT, BUILTIN_FILE)).size).toBeLessThanOrEqual(8_000_000);
    expect(readFileSync(join(ROOT, 'models/rust-static/README.md'), 'utf8')).toContain(builtin.id);
  });

  test('gives the same vectors on every machine, bit by bit', async () => {
    const vectors = [
      ...(await builtin.embedQueries(['wait for a free connection', 'Ünïcödé and 日本', ''])),
      ...(await builtin.embedPassages(CODE)),
    ];
    const hash = createHash('sha256');
    for (const vector of vectors) {
      const bytes = Buffer.alloc(vector.length * 4);
      vector.forEach((value, at) => bytes.writeFloatLE(value, at * 4));
      hash.update(bytes);
    }
    expect(hash.digest('hex')).toBe(GOLDEN);
  });

  test('finds code by what it does', async () => {
    const passages = await builtin.embedPassages(CODE);
    const best = async (question: string): Promise<number> => {
      const [query = new Float32Array()] = await builtin.embedQueries([question]);
      const scores = passages.map((vector) => dot(query, vector));
      return scores.indexOf(Math.max(...scores));
    };
    expect(await best('wait for a free connection')).toBe(0);
    expect(await best('number of words of a file')).toBe(1);
    expect(await best('binary operators and their precedence')).toBe(2);
  });

  test('vectors are of length 1, whatever company they are in', async () => {
    const together = await builtin.embedPassages(CODE);
    for (const [at, one] of CODE.entries()) {
      const [alone] = await builtin.embedPassages([one]);
      expect([...(alone ?? [])]).toEqual([...(together[at] ?? [])]);
      expect(dot(alone ?? [], alone ?? [])).toBeCloseTo(1, 6);
    }
  });
});
