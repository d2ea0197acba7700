/** Tables in Markdown. */
import type { Interval } from './bootstrap.ts';

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `.512 ±.021`: the larger half of the interval. */
export function figure({ mean, low, high }: Interval): string {
  return `${short(mean)} ±${short(Math.max(mean - low, high - mean))}`;
}

/** `+.012 [−.003, +.027]`, bold where zero lies outside. */
export function difference({ mean, low, high }: Interval): string {
  const text = `${signed(mean)} [${signed(low)}, ${signed(high)}]`;
  return low > 0 || high < 0 ? `**${text}**` : text;
}

function short(value: number): string {
  return value.toFixed(3).replace(/^(-?)0\./, '$1.');
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${short(Math.abs(value))}`;
}
