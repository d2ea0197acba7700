/** Code that was copied, and sentences that many items share: each is learnt once, and none that is evaluated on. */
import { eachWord } from '../../src/embed/builtin/words.ts';
import type { Pair } from './pairs.ts';

/** Words that make a shingle, and how many of a text's shingles stand for it. */
const SHINGLE = 5;
const SKETCH = 6;
const MOST_WORDS = 2_000;

export interface Seen {
  /** Whether a pair is new; it is not the next time. */
  isNew(pair: Pair): boolean;
}

export function newSeen(): Seen {
  const sentences = new Set<string>();
  const sketches = new Set<string>();
  return {
    isNew(pair) {
      const sentence = `${pair.kind} ${pair.sentence.toLowerCase()}`;
      const sketch = `${pair.kind} ${sketchOf(`${pair.signature} ${pair.code}`)} ${pair.kind === 'comment' ? sentence : ''}`;
      const known = sentences.has(sentence) || sketches.has(sketch);
      sentences.add(sentence);
      sketches.add(sketch);
      return !known;
    },
  };
}

/** Broder's sketch: the smallest hashes of all runs of five words; equal for texts that differ in little. */
function sketchOf(text: string): string {
  const words: number[] = [];
  eachWord(text, MOST_WORDS, (word) => words.push(hashOf(word)));
  const hashes = new Set<number>();
  for (let at = 0; at < Math.max(1, words.length - SHINGLE + 1); at += 1) {
    let hash = 0;
    for (let next = at; next < Math.min(at + SHINGLE, words.length); next += 1)
      hash = mixed(Math.imul(hash, 31) + (words[next] as number));
    hashes.add(hash);
  }
  return [...hashes]
    .sort((a, b) => a - b)
    .slice(0, SKETCH)
    .join(' ');
}

/** FNV-1a, 32 bits. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function mixed(hash: number): number {
  const low = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (low ^ (low >>> 16)) >>> 0;
}
