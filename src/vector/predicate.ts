/**
 * Predicates of LanceDB (DataFusion's SQL): the only place where values become part of one. A text goes between single
 * quotes, its own doubled; backslashes mean nothing (https://docs.lancedb.com/search/filtering).
 */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `column IN (…)`; holds for nothing where there are no values. */
export function oneOf(column: string, values: readonly (string | number)[]): string {
  if (values.length === 0) return 'false';
  return `${column} IN (${values.map((value) => (typeof value === 'number' ? whole(value) : quoted(value))).join(', ')})`;
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number`);
  return String(value);
}
