/** Real weights. They are not in the repository: `RUSTASSISTANT_TEST_MODELS` or `.models/` holds them, or nothing runs. */
import { describe, expect, test } from 'vitest';
import type { Embedder } from '../../src/embed/embedder.ts';
import { prose } from '../../src/embed/embedder.ts';
import { tryModel } from '../../src/embed/trial.ts';
import { dot } from '../../src/embed/vectors.ts';
import { opened, realModel } from './support.ts';

const SOURCE = 'fn read_words(path: &Path) -> io::Result<Vec<String>> { parse(fs::read_to_string(path)?) }';
const OTHERS = [
  'impl Drop for Guard { fn drop(&mut self) { self.lock.release() } }',
  'struct Rgb(u8, u8, u8);',
];

describe.each(['e5-small-v2', 'all-MiniLM-L6-v2'])('%s', (name) => {
  const withModel = (title: string, run: (embedder: Embedder) => Promise<void>): void =>
    test(title, async (context) => {
      const folder = realModel(name);
      if (folder === null) return context.skip(`${name} was not brought`);
      const embedder = await opened(folder, name);
      try {
        await run(embedder);
      } finally {
        await embedder.close();
      }
    });

  withModel('gives the vectors that are known of it', (embedder) => tryModel(embedder, name));

  withModel('is not taken for the other one', async (embedder) => {
    const other = name === 'e5-small-v2' ? 'all-MiniLM-L6-v2' : 'e5-small-v2';
    await expect(tryModel(embedder, other)).rejects.toMatchObject({ code: 'bad-model' });
  });

  withModel('gives a text the same vector alone and in company', async (embedder) => {
    const texts = [SOURCE, ...OTHERS, 'x', 'word '.repeat(900), ''];
    const together = await embedder.embedPassages(texts.map(prose));
    for (const [at, text] of texts.entries()) {
      const [alone] = await embedder.embedPassages([prose(text)]);
      expect(dot(alone ?? [], together[at] ?? [])).toBeGreaterThanOrEqual(0.999);
      expect(dot(alone ?? [], alone ?? [])).toBeCloseTo(1, 4);
    }
  });

  withModel('ranks code by what is asked', async (embedder) => {
    const passages = await embedder.embedPassages([...OTHERS, SOURCE].map(prose));
    const best = async (question: string): Promise<number> => {
      const [vector] = await embedder.embedQueries([question]);
      const scores = passages.map((passage) => dot(vector ?? [], passage));
      return scores.indexOf(Math.max(...scores));
    };
    expect(await best('where is a file read')).toBe(2);
    expect(await best('release a lock')).toBe(0);
    expect(await best('a colour')).toBe(1);
  });

  withModel('tells questions from passages only where it was trained to', async (embedder) => {
    const [query] = await embedder.embedQueries([SOURCE]);
    const [passage] = await embedder.embedPassages([prose(SOURCE)]);
    const same = dot(query ?? [], passage ?? []) > 0.9999;
    expect(same).toBe(name === 'all-MiniLM-L6-v2');
  });
});
