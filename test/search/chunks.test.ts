import { describe, expect, it } from 'vitest';
import { chunksOf } from '../../src/search/chunks.ts';
import { syntaxOf } from '../syntax/support.ts';

const FILE = `//! A pool of connections.

use std::io;

/// Holds what is open.
#[derive(Debug)]
pub struct Pool {
    open: usize,
}

/// How many at most.
const LIMIT: usize = 8;

impl Pool {
    /// Takes one.
    pub fn acquire(&mut self) -> io::Result<()> {
        fn inner() {}
        Ok(())
    }
}

/// What can be closed.
trait Close {
    /// Closes it.
    fn close(&mut self);
    fn twice(&mut self) {
        self.close()
    }
}

thread_local! { static SEEN: u8 = 0; }

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn it_works() {}
}
`;

const chunks = chunksOf(syntaxOf(FILE));
const of = (path: string) => chunks.find((chunk) => chunk.path === path);

describe('chunksOf', () => {
  it('finds items, heads of blocks and what lies between', () => {
    const lines = chunks.map(
      ({ kind, path, startLine, endLine }) => `${kind} ${path} ${startLine}-${endLine}`,
    );
    expect(lines).toEqual([
      'rest  1-3',
      'struct Pool 7-9',
      'const LIMIT 12-12',
      'impl Pool 14-14',
      'fn Pool::acquire 16-19',
      'trait Close 23-23',
      'fn Close::close 25-25',
      'fn Close::twice 26-28',
      'macro thread_local! 31-31',
      'rest  33-35',
      'fn tests::it_works 37-37',
    ]);
  });
  it('covers nothing twice, and every word once', () => {
    let end = 0;
    for (const chunk of chunks) {
      expect(chunk.start).toBeGreaterThanOrEqual(end);
      expect(FILE.slice(end, chunk.start)).not.toMatch(/\w/);
      end = chunk.end;
    }
    expect(FILE.slice(end)).not.toMatch(/\w/);
  });
  it('keeps documentation apart from code', () => {
    expect(of('Pool::acquire')?.doc).toBe('Takes one.');
    expect(of('Pool::acquire')?.code).not.toContain('Takes');
    expect(of('Pool')?.code).toMatch(/^#\[derive\(Debug\)\]\npub struct Pool/);
    expect(chunks[0]?.doc).toBe('A pool of connections.');
    expect(chunks[0]?.code).toBe('\n\nuse std::io;');
  });
  it('knows test code', () => {
    expect(of('tests::it_works')?.test).toBe(true);
    expect(of('Pool')?.test).toBe(false);
  });
  it('takes broken and empty files', () => {
    expect(chunksOf(syntaxOf(''))).toEqual([]);
    expect(chunksOf(syntaxOf('fn broken( { let')).length).toBeGreaterThan(0);
  });
});
