// The start of a thread: Node 20 reads no TypeScript there unless it is told to. Runs `workerData.script`.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.script);
