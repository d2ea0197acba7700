import { packOf } from '../../lens/pack.ts';
import { catalogued, priceAt } from '../../llm/catalogue.ts';
import type { Cost } from '../../report/plan-model.ts';
import { expectedTicks } from './estimate.ts';
import type { QuoteOptions } from './quote.ts';
import { usdOf } from './quote.ts';
import type { ReviewPlan } from './review.ts';
import { promptBytes } from './review.ts';

/** Of a claim shown with its item, UTF-8 bytes: a title, two sentences and a line of code. */
const CLAIM_BYTES = 500;

/**
 * What a second look at one finding that is still to be bought is likely to cost: one about an item of the plan's average
 * size, asked about alone. Several that share a request cost less each. Null where no second look would follow.
 */
export function secondLookCost(
  reviews: readonly ReviewPlan[],
  { model, baseUrl, price }: Omit<QuoteOptions, 'promptBytes'>,
): Cost | null {
  const second = reviews.find(({ question }) => question.lens.name === 'verify');
  const units = reviews
    .filter((review) => review !== second)
    .flatMap(({ orders }) => orders.flatMap(({ pack }) => pack.units));
  const [first] = units;
  if (second === undefined || first === undefined) return null;
  if (price === null) return { ticks: null, usd: null };
  const average = units.reduce((sum, { unit }) => sum + unit.bytes, 0) / units.length;
  const { addition: _none, ...plain } = first.unit;
  const unit = { ...plain, bytes: Math.ceil(average) + CLAIM_BYTES };
  const pack = packOf([{ ...first, unit }], second.packing);
  const own = priceAt(price, catalogued(model, baseUrl), pack.tokens);
  const ticks = expectedTicks(pack, { promptBytes: promptBytes(second.question) }, own);
  return { ticks, usd: usdOf(ticks) };
}
