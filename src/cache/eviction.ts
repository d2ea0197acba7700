import { byText } from '../util/order.ts';
/**
 * Which stored things go when the cache is too large, decided on plain data. The order is the architecture's:
 * what nobody can read any more; what can be made again, least recently used first; paid answers that were not
 * used for a month; paid answers by score; dear ones only when nothing else is left. Within each step a
 * repository above its quota gives first, until it is down to it.
 */

export interface PruneEntry {
  /**
   * `result`: a file's facts and merged row; `search`: an index; `repository`: all that is stored of one whose
   * root is gone; `set-aside`: a damaged database kept for a look.
   */
  readonly kind: 'result' | 'search' | 'repository' | 'answer' | 'set-aside';
  /** Names it within its kind and place, for whoever removes it. */
  readonly id: string;
  /** Id of the repository that is charged for it: whose file it is, or who paid. */
  readonly repository: string;
  /** Bytes on disk that its removal frees. */
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly lastAccessed: number;
  readonly accessCount: number;
  /** False where its format is below what can still be read. */
  readonly compatible: boolean;
  /** Answers only, else null. */
  readonly cost: AnswerCost | null;
}

export interface AnswerCost {
  /** Its own share, in millicents (1 USD = 100,000). */
  readonly millicents: number;
  /** Of the whole request that brought it: what buying it again may cost at worst. */
  readonly requestMillicents: number;
  /** Input and output tokens of its share: the work where the model is free. */
  readonly tokens: number;
}

export interface PruneLimits {
  /** Bytes. */
  readonly maxSize: number;
  /** Fractions of `maxSize`: above `high` it is pruned to `low`; a repository's `quota` is soft. */
  readonly high: number;
  readonly low: number;
  readonly quota: number;
  readonly nowMs: number;
  /** Bytes to come down to, whatever the watermarks say (`--to`). */
  readonly target?: number;
}

export type PruneReason =
  'incompatible' | 'recreatable-old' | 'recreatable' | 'answer-unused' | 'answer' | 'answer-dear';

export interface Eviction {
  readonly entry: PruneEntry;
  readonly reason: PruneReason;
}

export interface PrunePlan {
  /** Bytes to come down to: those on disk before where nothing asks for pruning. */
  readonly target: number;
  /** Sum of the evictions' bytes. */
  readonly freed: number;
  /** In the order in which they go. */
  readonly evictions: readonly Eviction[];
  /** False where even removing everything that may go leaves more than the target. */
  readonly reached: boolean;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const RECREATABLE_DAYS = 7;
const ANSWER_DAYS = 30;
const DEAR_MILLICENTS = 100;

/** Reads within a day count once, so that a run that changes nothing writes nothing. */
export const ACCESS_GRAIN_MS = DAY_MS;

/** Whether the cache has outgrown its limits. */
export function outgrown(total: number, { target, high, maxSize }: PruneLimits): boolean {
  return total > (target ?? high * maxSize);
}

/** Decides what goes. `total`: bytes of the whole cache on disk, at least the sum of the entries. O(n log n). */
export function planPrune(entries: readonly PruneEntry[], total: number, limits: PruneLimits): PrunePlan {
  const target = outgrown(total, limits) ? (limits.target ?? limits.low * limits.maxSize) : total;
  const usage = new Map<string, number>();
  for (const { repository, bytes } of entries) usage.set(repository, (usage.get(repository) ?? 0) + bytes);
  const evictions: Eviction[] = [];
  let freed = 0;

  function evict(entry: PruneEntry, reason: PruneReason): void {
    evictions.push({ entry, reason });
    freed += entry.bytes;
    usage.set(entry.repository, (usage.get(entry.repository) ?? 0) - entry.bytes);
  }
  const enough = () => total - freed <= target;
  const overQuota = ({ repository }: PruneEntry) =>
    (usage.get(repository) ?? 0) > limits.quota * limits.maxSize;

  for (const [reason, tier] of tiersOf(entries, limits.nowMs)) {
    const kept: PruneEntry[] = [];
    for (const entry of tier) {
      if (reason === 'incompatible') evict(entry, reason);
      else if (!enough() && overQuota(entry)) evict(entry, reason);
      else kept.push(entry);
    }
    for (const entry of kept) if (!enough()) evict(entry, reason);
  }
  return { target, freed, evictions, reached: enough() };
}

/** The steps in their order, each with its entries in the order in which they go. */
function tiersOf(entries: readonly PruneEntry[], nowMs: number): [PruneReason, PruneEntry[]][] {
  const tiers: Record<PruneReason, PruneEntry[]> = {
    incompatible: [],
    'recreatable-old': [],
    recreatable: [],
    'answer-unused': [],
    answer: [],
    'answer-dear': [],
  };
  for (const entry of entries) tiers[reasonFor(entry, nowMs)].push(entry);
  return (Object.entries(tiers) as [PruneReason, PruneEntry[]][]).map(([reason, tier]) => [
    reason,
    reason.startsWith('answer') ? byScore(tier, nowMs) : tier.sort(leastRecent),
  ]);
}

/** Which step an entry falls into. */
function reasonFor(entry: PruneEntry, nowMs: number): PruneReason {
  const idleDays = (nowMs - entry.lastAccessed) / DAY_MS;
  if (!entry.compatible) return 'incompatible';
  if (entry.cost === null) return idleDays > RECREATABLE_DAYS ? 'recreatable-old' : 'recreatable';
  if (entry.cost.requestMillicents > DEAR_MILLICENTS) return 'answer-dear';
  return idleDays > ANSWER_DAYS ? 'answer-unused' : 'answer';
}

/**
 * (1 / access frequency) × (1 / regeneration cost) × age, the design paper's formula: the highest goes first.
 * Frequency: days with an access per day since it was stored. Cost: 1 + millicents + tokens / 1000, so that a
 * free model's work counts too. Age: days since the last access.
 */
export function evictionScore(entry: PruneEntry, nowMs: number): number {
  const days = Math.max(1, (nowMs - entry.createdAt) / DAY_MS);
  const frequency = Math.max(1, entry.accessCount) / days;
  const { millicents, tokens } = entry.cost ?? { millicents: 0, tokens: 0 };
  const age = Math.max(0, (nowMs - entry.lastAccessed) / DAY_MS);
  return (1 / frequency) * (1 / (1 + millicents + tokens / 1000)) * age;
}

function byScore(entries: readonly PruneEntry[], nowMs: number): PruneEntry[] {
  return entries
    .map((entry) => ({ entry, score: evictionScore(entry, nowMs) }))
    .sort((a, b) => b.score - a.score || leastRecent(a.entry, b.entry))
    .map(({ entry }) => entry);
}

/** Equal times by size, then by name: the plan is the same on every run. */
function leastRecent(a: PruneEntry, b: PruneEntry): number {
  return a.lastAccessed - b.lastAccessed || b.bytes - a.bytes || byText(a.id, b.id);
}
