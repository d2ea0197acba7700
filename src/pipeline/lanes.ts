/** What a lane is to do next; undefined for nothing more. */
export type Next<Work> = () => Work | undefined;

/**
 * Each lane does one thing after the other, until there is nothing for it or the signal is aborted. Rejects with a
 * lane's error once the others, which begin nothing more, have ended.
 */
export async function inLanes<Work>(
  lanes: readonly Next<Work>[],
  signal: AbortSignal | undefined,
  work: (one: Work) => Promise<void>,
): Promise<void> {
  let failed = false;
  const lane = async (next: Next<Work>): Promise<void> => {
    while (!failed && signal?.aborted !== true) {
      const one = next();
      if (one === undefined) return;
      await work(one);
    }
  };
  const running = lanes.map((next) =>
    lane(next).catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  const ends = await Promise.allSettled(running);
  const end = ends.find(({ status }) => status === 'rejected');
  if (end?.status === 'rejected') throw end.reason;
}
