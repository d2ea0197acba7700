import { authoritiesOf } from '../../config/authorities.ts';
import { resolveKey } from '../../config/key.ts';
import { proxyOf } from '../../config/proxy.ts';
import type { Settings } from '../../config/schema.ts';
import { UserError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { catalogued, priceAt, priceOf } from '../../llm/catalogue.ts';
import type { LlmClient } from '../../llm/client.ts';
import type { Price } from '../../types/answer.ts';
import type { PaidRun } from './paid-run.ts';

/** Price by what is known without asking anybody: null is unknown. */
export function knownPrice({ llm }: Settings, baseUrl: string, api: Price | null): Price | null {
  const { priceInput: input, priceCachedInput: cachedInput, priceOutput: output } = llm;
  return priceOf(llm.model, { baseUrl, api, config: { input, cachedInput, output } });
}

/** The way to the server, and what its answers cost. */
export type Connection = Pick<PaidRun, 'client' | 'limiter' | 'redact' | 'priceFor'> & {
  close(): Promise<void>;
};

/** Opens the way to the server, and asks it for its price, which is free. Throws UserError `price-unknown`. */
export async function openConnection(host: Host, settings: Settings, baseUrl: string): Promise<Connection> {
  const [{ openClient }, { openLimiter }, { createRedactor }] = await Promise.all([
    import('../../llm/client.ts'),
    import('../../llm/limiter.ts'),
    import('../../llm/redact.ts'),
  ]);
  const key = await resolveKey(settings, host.env);
  const { model, requestsPerMinute, burst, concurrency } = settings.llm;
  const way = { proxy: proxyOf(host.env), authorities: authoritiesOf(settings, host.env) };
  const client = await openClient({ baseUrl, key, model, ...way, now: host.now });
  const price = await askPrice(client, host, settings, baseUrl).catch(async (error: unknown) => {
    await client.close();
    throw error;
  });
  const limiter = await openLimiter({ requestsPerMinute, burst, concurrency });
  const known = catalogued(model, baseUrl);
  return {
    client,
    limiter,
    redact: await createRedactor(),
    priceFor: (inputTokens) => priceAt(price, known, inputTokens),
    close: async () => {
      await limiter.close();
      await client.close();
    },
  };
}

async function askPrice(client: LlmClient, host: Host, settings: Settings, baseUrl: string): Promise<Price> {
  const { model } = settings.llm;
  const info = await client.modelInfo(model, host.signal);
  const price = knownPrice(settings, baseUrl, info?.price ?? null);
  if (price !== null) return price;
  throw new UserError(
    'price-unknown',
    `what ${model} costs is told neither by ${new URL(baseUrl).host} nor by the catalogue`,
    'Set llm.price_input and llm.price_output in config.toml, USD per million tokens; 0 for a model of your own.',
  );
}
