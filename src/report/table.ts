export type Cell = string | number;
export type Align = 'left' | 'right';

/** Rows in columns, two blanks apart, without lines between them; cli-table3 is loaded here alone. */
export async function table(rows: readonly (readonly Cell[])[], aligns: readonly Align[]): Promise<string[]> {
  const { default: Table } = await import('cli-table3');
  const none = Object.fromEntries(BORDERS.map((name) => [name, '']));
  const made = new Table({
    chars: { ...none, middle: '  ' },
    colAligns: [...aligns],
    style: { 'padding-left': 0, 'padding-right': 0, border: [], head: [] },
  });
  for (const row of rows) made.push([...row]);
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

const BORDERS = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
] as const;
