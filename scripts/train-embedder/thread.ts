import { Worker } from 'node:worker_threads';

/** A thread that runs one of these scripts; it finds `data` in its `workerData`. */
export function startThread(script: string, data: object = {}): Worker {
  const url = new URL(script, import.meta.url).href;
  return new Worker(new URL('./thread.mjs', import.meta.url), { workerData: { ...data, script: url } });
}

/** Posts one message, and gives the next that comes. */
export function answerOf<Answer>(worker: Worker, message: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown): void => reject(error);
    worker.once('error', failed);
    worker.once('message', (answer: Answer) => {
      worker.off('error', failed);
      resolve(answer);
    });
    worker.postMessage(message);
  });
}
