import type { Progress } from '../report/progress.ts';

/** A client is told so often at most: each notice keeps it from giving up. */
const EVERY_MS = 500;

/** Tells the client how far a call is. Steps of all phases add up: the protocol wants a number that only grows. */
export function clientProgress(
  now: () => number,
  send: (progress: number, message: string) => void,
): Progress {
  let label = '';
  let total = 0;
  let done = 0;
  let steps = 0;
  let toldMs = -Infinity;
  return {
    start(phase, count) {
      label = phase;
      total = count;
      done = 0;
    },
    advance(more) {
      done += more;
      steps += more;
      if (now() - toldMs < EVERY_MS) return;
      toldMs = now();
      send(steps, `${label} ${done}/${total}`);
    },
    stop: () => undefined,
  };
}
