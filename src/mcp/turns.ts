/** One at a time for each key; work on different keys goes on side by side. */
export interface Turns {
  /**
   * Does the work once all that was asked for before under any of the keys is done. Where the signal ends the wait, the
   * work is not begun and the reason is thrown.
   */
  take<T>(keys: readonly string[], signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function newTurns(): Turns {
  // The last in each queue. All of a call's places are taken at once, so that no two calls can wait for each other.
  const last = new Map<string, Promise<unknown>>();
  return {
    async take(keys, signal, work) {
      const before = keys.map((key) => last.get(key));
      const turn = Promise.all(before).then(() => {
        signal.throwIfAborted();
        return work();
      });
      const over = turn.catch(() => undefined);
      for (const key of keys) last.set(key, over);
      try {
        return await turn;
      } finally {
        for (const key of keys) if (last.get(key) === over) last.delete(key);
      }
    },
  };
}
