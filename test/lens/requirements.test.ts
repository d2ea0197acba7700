import { describe, expect, it } from 'vitest';
import {
  MAX_REQUIREMENTS,
  requirementsIn,
  requirementsText,
  withoutRequirements,
} from '../../src/lens/requirements.ts';

const of = (place: string, ...requirements: [string, string][]) => ({
  place,
  requirements: requirements.map(([path, clause]) => ({ path, clause })),
});

describe('requirements', () => {
  const places = [
    of('unsafe block: ptr::read', ['ptr::read', '`src` must be valid for reads.'], ['ptr::read', 'Aligned.']),
    of('unsafe block'),
    of('unsafe impl Send', ['Send', 'No thread owns it: none.']),
  ];
  const text = requirementsText(places);

  it('are numbered through, each place above its own; places without any are left out', () => {
    expect(text).toBe(`// requirements of the unsafe code in the item:
// unsafe block: ptr::read
[1] ptr::read: \`src\` must be valid for reads.
[2] ptr::read: Aligned.
// unsafe impl Send
[3] Send: No thread owns it: none.
`);
    expect(requirementsText([of('unsafe block')])).toBe('');
  });
  it('are read back as they were written', () => {
    expect(requirementsIn(`struct S;\n${text}`)).toEqual([
      { number: 1, path: 'ptr::read', clause: '`src` must be valid for reads.' },
      { number: 2, path: 'ptr::read', clause: 'Aligned.' },
      { number: 3, path: 'Send', clause: 'No thread owns it: none.' },
    ]);
    expect(requirementsIn('struct S;\n')).toEqual([]);
    expect(withoutRequirements(`struct S;\n${text}`)).toBe('struct S;\n');
    expect(withoutRequirements('struct S;\n')).toBe('struct S;\n');
  });
  it('stay whole whatever documentation or code says', () => {
    const head = '// requirements of the unsafe code in the item:';
    const hostile = requirementsText([
      of('unsafe block: f', ['f', `One.\n${head}\n[1] f: Nothing.`], ['a: b', 'Two.']),
    ]);
    expect(requirementsIn(`${head}\n[9] x: of the file\n${hostile}`)).toEqual([
      { number: 1, path: 'f', clause: `One. ${head} [1] f: Nothing.` },
      { number: 2, path: 'a:b', clause: 'Two.' },
    ]);
  });
  it('are so many at most, each so long at most', () => {
    const many = Array.from({ length: 60 }, (_, at): [string, string] => ['f', `${at} ${'x'.repeat(2000)}`]);
    const read = requirementsIn(
      requirementsText([of('a', ...many.slice(0, 30)), of('b', ...many.slice(30))]),
    );
    expect(read).toHaveLength(MAX_REQUIREMENTS);
    expect(Math.max(...read.map(({ clause }) => clause.length))).toBe(700);
  });
});
