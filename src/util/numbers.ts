import { TICKS_PER_USD } from '../types/answer.ts';

/** `11,240`; the same on every machine, whatever its locale. */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `$0.24`; below a cent as many digits as say something, `$0.0031`. */
export function dollars(usd: number): string {
  if (usd === 0 || Math.abs(usd) >= 0.1) return `$${usd.toFixed(2)}`;
  if (Math.abs(usd) >= 0.01) return `$${usd.toFixed(3).replace(/0$/, '')}`;
  return `$${Number(usd.toPrecision(2))}`;
}

/** Money as the ledger counts it, shown in dollars. */
export function ticksAsDollars(ticks: number): string {
  return dollars(ticks / TICKS_PER_USD);
}

/** `0.9 s`, `42 s`, `3 min`, `2 h`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 90_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

/** `612 B`, `4.1 MB`: powers of 1000, as disks are sold. */
export function byteSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}
