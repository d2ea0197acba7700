import type { Finding } from '../types/finding.ts';
import type { Position } from '../types/source.ts';

/** What people call a repository: the last part of its path. */
export function repositoryName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}

/** Where in its file a finding stands; null where it is about the file as a whole. */
export function regionOf({ startLine, startColumn, endLine, endColumn }: Position): Position | null {
  if (startLine < 1) return null;
  const start = Math.max(1, startColumn);
  const lastLine = Math.max(startLine, endLine);
  const least = lastLine === startLine ? start : 1;
  return { startLine, startColumn: start, endLine: lastLine, endColumn: Math.max(least, endColumn) };
}

/** The parts of what a finding says. */
export function sayings({ message, suggestion }: Pick<Finding, 'message' | 'suggestion'>): string[] {
  return suggestion === undefined || suggestion === '' ? [message] : [message, `Help: ${suggestion}`];
}

/** A path within the repository as a relative URI reference, whatever its names hold (RFC 3986). */
export function uriOf(path: string): string {
  return path
    .split('/')
    .map((name) =>
      encodeURIComponent(name).replace(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/');
}
