import type { Price } from '../types/answer.ts';
import { isXai } from '../util/xai.ts';

/** What is known of a model without asking: list prices, context, and how it reasons. */
export interface CatalogueModel {
  readonly id: string;
  readonly price: Price;
  readonly contextTokens: number;
  /** Efforts the model accepts, cheapest first; empty where it refuses the field. */
  readonly efforts: readonly string[];
  /** Input tokens from which every price doubles; null where the price is flat. */
  readonly doubleFrom: number | null;
}

const GRADED = ['low', 'medium', 'high', 'xhigh'];

/** USD per million tokens, xAI's price list; a name also stands for its dated releases (`grok-4.3-0131`). */
const CATALOGUE: readonly CatalogueModel[] = [
  model('grok-4.7', [2, 0.5, 6], 500_000, GRADED, 200_000),
  model('grok-4.6', [2, 0.5, 6], 500_000, GRADED, 200_000),
  model('grok-4.3', [1.25, 0.2, 2.5], 1_000_000, ['none', 'low', 'medium', 'high'], null),
  model('grok-4.20', [1.25, 0.2, 2.5], 1_000_000, [], null),
  model('grok-build-0.1', [1, 0.2, 2], 256_000, [], null),
];

/** The catalogue's entry for a model of a base URL, by name or dated release; null where none is known. */
export function catalogued(id: string, baseUrl: string): CatalogueModel | null {
  if (!isXai(baseUrl)) return null;
  return CATALOGUE.find((known) => id === known.id || isRelease(id, known.id)) ?? null;
}

/** What may tell a model's price besides the catalogue. */
export interface PriceSources {
  readonly baseUrl: string;
  /** What the API itself says, from `modelInfo`. */
  readonly api: Price | null;
  /** The user's `price_input`, `price_cached_input`, `price_output`, USD per million; null is absent. */
  readonly config: {
    readonly input: number | null;
    readonly cachedInput: number | null;
    readonly output: number | null;
  };
}

/**
 * The price of a model: the API tells, else the catalogue (xAI alone), else the user's configuration.
 * Null means unknown, and an unknown price is refused, never guessed; 0 is free.
 */
export function priceOf(id: string, sources: PriceSources): Price | null {
  if (sources.api !== null) return sources.api;
  const known = catalogued(id, sources.baseUrl);
  if (known !== null) return known.price;
  const { input, cachedInput, output } = sources.config;
  if (input === null || output === null) return null;
  return { input, cachedInput: cachedInput ?? input, output, source: 'config' };
}

/** The price that holds for a request of so many input tokens: some models double from a threshold on. */
export function priceAt(price: Price, known: CatalogueModel | null, inputTokens: number): Price {
  if (known === null || known.doubleFrom === null || inputTokens < known.doubleFrom) return price;
  return {
    ...price,
    input: price.input * 2,
    cachedInput: price.cachedInput * 2,
    output: price.output * 2,
  };
}

// From none to most.
const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'];

/**
 * The reasoning effort to send, null where the field must not be sent (an unknown model, or `''`). It is a
 * price factor, so it is sent wherever it is accepted; an effort that the model does not know becomes its
 * nearest one (`none` → `low`).
 */
export function effortFor(id: string, baseUrl: string, wanted: string): string | null {
  const efforts = catalogued(id, baseUrl)?.efforts ?? [];
  if (efforts.length === 0 || wanted === '') return null;
  const distance = (effort: string) => Math.abs(EFFORTS.indexOf(effort) - EFFORTS.indexOf(wanted));
  return efforts.reduce((nearest, effort) => (distance(effort) <= distance(nearest) ? effort : nearest));
}

function model(
  id: string,
  [input, cachedInput, output]: [number, number, number],
  contextTokens: number,
  efforts: readonly string[],
  doubleFrom: number | null,
): CatalogueModel {
  return {
    id,
    price: { input, cachedInput, output, source: 'catalogue' },
    contextTokens,
    efforts,
    doubleFrom,
  };
}

// `grok-4.3-0131` and `grok-4.3-latest` are grok-4.3; `grok-4.30` and `grok-4.3-mini` are not.
function isRelease(id: string, name: string): boolean {
  return id.startsWith(`${name}-`) && /^(latest|\d[\d-]*)$/.test(id.slice(name.length + 1));
}
