import type { SingleBar } from 'cli-progress';
import type { Output } from '../host.ts';
import { duration } from '../util/numbers.ts';

/** Tells a waiting person how far a run is. */
export interface Progress {
  /** A new phase of `total` steps. */
  start(label: string, total: number): void;
  /** `steps` more are done; `note` stands behind the bar (what was spent, what is left). */
  advance(steps: number, note?: string): void;
  stop(): void;
}

export const SILENT: Progress = { start: () => undefined, advance: () => undefined, stop: () => undefined };

/** What takes less is over before a bar is read. */
const QUIET_MS = 700;
const TICK_MS = 1_000;
/** Without a terminal a line now and then tells a log that the run goes on. */
const LINE_EVERY_MS = 15_000;

/** A bar on a terminal (cli-progress, loaded when a phase turns out to be long), else a line now and then. */
export function createProgress(output: Output, now: () => number): Progress {
  return output.isTTY === true ? barProgress(output, now) : lineProgress(output, now);
}

interface Phase {
  readonly label: string;
  readonly total: number;
  readonly startedMs: number;
  done: number;
  note: string;
}

function newPhase(label: string, total: number, startedMs: number): Phase {
  return { label, total, startedMs, done: 0, note: '' };
}

function lineProgress(output: Output, now: () => number): Progress {
  let phase: Phase | null = null;
  let timer: NodeJS.Timeout | undefined;
  return {
    start(label, total) {
      this.stop();
      const started = (phase = newPhase(label, total, now()));
      timer = setInterval(() => {
        const { done, note } = started;
        output.write(`${label} ${done}/${total}${note === '' ? '' : `, ${note}`}\n`);
      }, LINE_EVERY_MS).unref();
    },
    advance(steps, note) {
      if (phase !== null) step(phase, steps, note);
    },
    stop() {
      phase = null;
      clearInterval(timer);
    },
  };
}

function barProgress(output: Output, now: () => number): Progress {
  let phase: Phase | null = null;
  let bar: SingleBar | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function show(shown: Phase): Promise<void> {
    const { default: progress } = await import('cli-progress');
    if (phase !== shown) return;
    bar = new progress.SingleBar(
      {
        stream: output as NodeJS.WritableStream,
        format: '{label} {bar} {value}/{total}{pace}{note}',
        clearOnComplete: true,
        hideCursor: false,
        barsize: 24,
        fps: 8,
      },
      progress.Presets.shades_classic,
    );
    const redraw = (): void => bar?.update(shown.done, payload(shown, now()));
    bar.start(shown.total, shown.done, payload(shown, now()));
    // Also where a step takes long: a bar that stands still looks dead.
    timer = setInterval(redraw, TICK_MS).unref();
  }
  return {
    start(label, total) {
      this.stop();
      const started = (phase = newPhase(label, total, now()));
      timer = setTimeout(() => void show(started), QUIET_MS).unref();
    },
    advance(steps, note) {
      if (phase === null) return;
      step(phase, steps, note);
      bar?.update(phase.done, payload(phase, now()));
    },
    stop() {
      phase = null;
      clearInterval(timer);
      bar?.stop();
      bar = null;
    },
  };
}

function step(phase: Phase, steps: number, note: string | undefined): void {
  phase.done += steps;
  if (note !== undefined) phase.note = note;
}

/** How long it will take is unknown until the first step is done: till then it is said how long it has taken. */
function payload({ label, total, done, startedMs, note }: Phase, nowMs: number) {
  const elapsedMs = nowMs - startedMs;
  const perSecond = done / Math.max(0.001, elapsedMs / 1000);
  const rate = perSecond >= 10 ? Math.round(perSecond) : perSecond.toFixed(1);
  const left = duration(((total - done) / perSecond) * 1000);
  return {
    label,
    pace: done === 0 ? `, ${Math.floor(elapsedMs / 1000)} s` : ` ${rate}/s, ${left} left`,
    note: note === '' ? '' : `, ${note}`,
  };
}
