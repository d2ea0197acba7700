/** A thread of the training: it encodes its share of each batch, and all threads wait for each other between steps. */
import { parentPort, workerData } from 'node:worker_threads';
import { newRandom } from '../eval-search/sample.ts';
import { FIELDS, GROUP_OF } from '../../src/embed/builtin/fields.ts';
import type { Moments } from './adam.ts';
import { adam, moveRows, rateAt } from './adam.ts';
import type { Bag, Gradients } from './bag.ts';
import { addPart, backward, newBag, vectorOf } from './bag.ts';
import { batchesOf } from './batches.ts';
import type { Examples } from './examples.ts';
import { SLOT } from './examples.ts';
import { newLoss } from './loss.ts';
import { times, transposedTimes } from './matrix.ts';
import type { Parameters } from './parameters.ts';
import { DIMENSIONS } from '../../src/embed/embedder.ts';
import type { Settings } from './settings.ts';

/** What all threads share. */
export interface Shared {
  readonly thread: number;
  readonly settings: Settings;
  readonly examples: Examples;
  readonly training: readonly number[];
  readonly parameters: Parameters;
  readonly moments: { readonly table: Moments; readonly weights: Moments; readonly small: Moments };
  /** Of each thread. */
  readonly gradients: readonly Gradients[];
  /** Of each thread: gradients of all items' vectors, by its queries. */
  readonly itemSlopes: readonly Float32Array[];
  /** Of each thread: sums over its queries, for each item; then its loss, and the slope of the scale. */
  readonly sums: readonly Float64Array[];
  /** Vectors of the batch. */
  readonly queries: Float32Array;
  readonly items: Float32Array;
  /** Threads that have come to the barrier, and how often it has opened. */
  readonly barrier: Int32Array;
}

const shared = workerData as Shared;
const { thread, settings, examples, parameters, gradients, itemSlopes, sums, queries, items } = shared;
const { batch, threads, dropout } = settings;
const own = batch / threads;
const first = thread * own;
const queryBags = Array.from({ length: own }, newBag);
const itemBags = Array.from({ length: own }, newBag);
const queryLengths = new Float32Array(own);
const itemLengths = new Float32Array(own);
const loss = newLoss({ own, first, batch, queries, items, sums, thread });
const querySlopes = new Float32Array(own * DIMENSIONS);
const ownGradients = gradients[thread] as Gradients;

function barrier(): void {
  const { barrier: state } = shared;
  const opened = Atomics.load(state, 1);
  if (Atomics.add(state, 0, 1) === threads - 1) {
    Atomics.store(state, 0, 0);
    Atomics.add(state, 1, 1);
    Atomics.notify(state, 1);
  } else while (Atomics.load(state, 1) === opened) Atomics.wait(state, 1, opened);
}

function fill(bag: Bag, item: Bag, example: number, random: () => number): void {
  const all = (): boolean => true;
  const some = (): boolean => random() >= dropout;
  const bySentence = random() < settings.sentences;
  const showsDoc = random() < settings.docs;
  bag.length = 0;
  const slot = bySentence ? SLOT.sentence : SLOT.paragraph;
  addPart(bag, examples, parameters.size, { example, slot, field: -1, group: 0 }, all);
  item.length = 0;
  FIELDS.forEach((field, at) => {
    if (field === 'doc' && !showsDoc) return;
    const from = field !== 'doc' ? SLOT[field] : bySentence ? SLOT.docAfterSentence : SLOT.docAfterParagraph;
    addPart(
      item,
      examples,
      parameters.size,
      { example, slot: from, field: at, group: GROUP_OF[field] },
      some,
    );
  });
}

function encode(examplesOf: Int32Array, step: number): void {
  for (let at = 0; at < own; at += 1) {
    const example = examplesOf[first + at] as number;
    const [query, item] = [queryBags[at] as Bag, itemBags[at] as Bag];
    fill(query, item, example, newRandom(step * 7919 + example * 31 + settings.seed));
    queryLengths[at] = vectorOf(query, parameters, queries, (first + at) * DIMENSIONS);
    itemLengths[at] = vectorOf(item, parameters, items, (first + at) * DIMENSIONS);
  }
}

function propagate(): void {
  const shape = { rows: own, columns: batch, inner: DIMENSIONS };
  times(loss.logits, items, querySlopes, shape);
  const ownQueries = queries.subarray(first * DIMENSIONS, (first + own) * DIMENSIONS);
  transposedTimes(loss.logits, ownQueries, itemSlopes[thread] as Float32Array, shape);
}

function collect(): void {
  const [slopesOf] = itemSlopes as readonly [Float32Array];
  for (let at = 0; at < own; at += 1) {
    const from = (first + at) * DIMENSIONS;
    const query = {
      vectors: queries.subarray(from, from + DIMENSIONS),
      from: 0,
      length: queryLengths[at] as number,
    };
    const gradient = querySlopes.subarray(at * DIMENSIONS, (at + 1) * DIMENSIONS);
    backward(queryBags[at] as Bag, parameters, { ...query, gradient }, ownGradients);
    for (let k = from; k < from + DIMENSIONS; k += 1) {
      let sum = 0;
      for (const one of itemSlopes) sum += one[k] as number;
      slopesOf[k] = sum;
    }
    const item = { vectors: items, gradient: slopesOf, from, length: itemLengths[at] as number };
    backward(itemBags[at] as Bag, parameters, item, ownGradients);
  }
}

/** Field weights and the scale: a handful of numbers, one thread's work. */
function moveSmall(rate: number, step: number): void {
  const { fields, scale } = parameters;
  for (let at = 0; at < fields.length; at += 1) {
    const gradient = gradients.reduce((sum, one) => sum + (one.fields[at] as number), 0);
    for (const one of gradients) one.fields[at] = 0;
    fields[at] =
      (fields[at] as number) + adam(shared.moments.small, at, gradient, rate * settings.weightRate, step);
  }
  const last = scale[0] as number;
  const slope =
    (sums.reduce((sum, one) => sum + (one[batch + 1] as number), 0) * Math.exp(last)) / (2 * batch);
  const moved = last + adam(shared.moments.small, fields.length, slope, rate * settings.weightRate, step);
  scale[0] = Math.min(moved, Math.log(50));
}

/** One epoch; returns the mean loss of its batches. */
function run(epoch: number): number {
  const batches = batchesOf(examples, shared.training, settings, epoch);
  const steps = batches.length * settings.epochs;
  let total = 0;
  for (const [at, some] of batches.entries()) {
    const step = epoch * batches.length + at;
    const rate = rateAt(settings, step, steps);
    const scale = Math.exp(parameters.scale[0] as number);
    encode(some, step);
    barrier();
    loss.exponentials(scale);
    barrier();
    loss.slopes(scale);
    propagate();
    barrier();
    total += sums.reduce((sum, one) => sum + (one[batch] as number), 0) / (2 * batch);
    collect();
    barrier();
    if (thread === 0) moveSmall(rate, step);
    moveRows(parameters, gradients, shared.moments, {
      thread,
      threads,
      rate,
      weightRate: settings.weightRate,
      step,
    });
    barrier();
  }
  return total / batches.length;
}

parentPort?.on('message', (epoch: number) => parentPort?.postMessage(run(epoch)));
