import { A } from './kinds.ts';
import { addSite, openSite } from './scope.ts';
import type { Walk } from './scope.ts';

/** Beyond so many a file's diagnostics say nothing new. */
const MANY = 100;
const EXCERPT = 40;

/** One site and one diagnostic for an error, whatever errors lie directly in it. */
export function openError(walk: Walk, node: number): void {
  const { table, text, sites, diagnostics } = walk;
  if (sites[walk.site]?.kind === 'error') return;
  const start = table.start[node] as number;
  const end = table.end[node] as number;
  openSite(walk, 'error', node);
  if (diagnostics.length >= MANY) return;
  diagnostics.push({
    kind: 'syntax-error',
    message: `cannot be read as Rust: ${excerpt(text, start, end)}`,
    start,
    end,
  });
}

export function addMissing(walk: Walk, node: number): void {
  const { table, diagnostics } = walk;
  const start = table.start[node] as number;
  const end = table.end[node] as number;
  addSite(walk, 'error', start, end);
  if (diagnostics.length >= MANY) return;
  const token = Object.entries(A).find(([, code]) => code === table.kind[node]);
  const what = token === undefined ? 'something' : `\`${token[0]}\``;
  diagnostics.push({ kind: 'missing-token', message: `${what} is missing here`, start, end });
}

function excerpt(text: string, start: number, end: number): string {
  const line = text.slice(start, Math.min(end, start + EXCERPT * 2)).split(/[\r\n]/, 1)[0] as string;
  return `\`${line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line}\``;
}
