import { expect, test } from 'vitest';
import { piecesOf } from '../../src/syntax/pieces.ts';
import { syntaxOf } from './support.ts';

const TEXT = `use std::fmt;

/// One.
fn one() {
    two();
}

impl Thing {
    fn two() {}
}
`;

test('units with their lines, and the lines between them', () => {
  const { units, rest } = piecesOf(syntaxOf(TEXT));
  expect(units.map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
    [3, 6],
    [9, 9],
  ]);
  expect(rest).toEqual([
    { line: 1, text: 'use std::fmt;' },
    { line: 8, text: 'impl Thing {' },
    { line: 10, text: '}' },
  ]);
});

test('a unit is known again wherever it stands and however lines end', () => {
  const [one] = piecesOf(syntaxOf(TEXT)).units;
  const moved = `fn zero() {}\n${TEXT}`.replaceAll('\n', '\r\n');
  expect(piecesOf(syntaxOf(moved)).units.map(({ hash }) => hash)).toContain(one?.hash);
  const edited = TEXT.replace('two();', 'two() ;');
  expect(piecesOf(syntaxOf(edited)).units.map(({ hash }) => hash)).not.toContain(one?.hash);
});
