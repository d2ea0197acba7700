import { segmentsOf } from './file-name.ts';

/** Where an item stands, `net::pool`: the file's module as its path tells, and the blocks around it. */
export function modulePath(file: string, itemPath: string): string {
  const inside = file.includes('/src/')
    ? file.slice(file.lastIndexOf('/src/') + 5)
    : file.replace(/^src\//, '');
  const blocks = itemPath.split('::').slice(0, -1);
  return [...segmentsOf(inside).filter((segment) => !/^(?:lib|main|mod)$/.test(segment)), ...blocks].join(
    '::',
  );
}
