import { ExternalError, UserError } from '../errors.ts';

const MAX_REDIRECTS = 5;
const OFFLINE =
  'Where there is no way to it, bring the folder here by other means: rustassistant models add FOLDER';

/**
 * A body, or null where there is none of that address. Follows redirects by hand: from https only to https, never to
 * another kind of address. Throws UserError `model-missing`, ExternalError `download-failed`.
 */
export async function get(
  fetch: typeof globalThis.fetch,
  start: string,
  signal: AbortSignal,
): Promise<Response | null> {
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    // Compressed on the way, the length announced would not be that of the file.
    const headers = { 'accept-encoding': 'identity' };
    const response = await fetch(url, { redirect: 'manual', headers, signal });
    const { status } = response;
    if (status === 200) return response;
    await response.body?.cancel();
    if (status === 404) return null;
    if (status < 300 || status >= 400) throw refused(url, status);
    url = nextUrl(url, response.headers.get('location'));
  }
  throw misled(`${bare(start)} leads from one address to the next, more than ${MAX_REDIRECTS} times`);
}

function nextUrl(from: string, location: string | null): string {
  if (location === null || !URL.canParse(location, from)) throw misled(`${bare(from)} leads nowhere`);
  const next = new URL(location, from);
  const { protocol } = new URL(from);
  if (next.protocol === 'https:' || (next.protocol === 'http:' && protocol === 'http:')) return next.href;
  throw misled(`${bare(from)} leads to an address that is not followed (${next.protocol})`);
}

/** The hub answers 401 also for what does not exist. */
function refused(url: string, status: number): UserError | ExternalError {
  if (status === 401 || status === 403) {
    const message = `${bare(url)} is not to be had without a login, or does not exist (status ${status})`;
    return new UserError('model-missing', message, OFFLINE);
  }
  const retryable = status === 429 || status >= 500;
  return new ExternalError('download-failed', `${bare(url)} answered with status ${status}`, {
    retryable,
    hint: retryable ? 'Try again later.' : OFFLINE,
  });
}

/** Once more it would lead there again. */
function misled(message: string): ExternalError {
  return new ExternalError('download-failed', message, { hint: OFFLINE });
}

/** Another attempt may be luckier. */
export function downloadFailed(message: string, cause?: unknown): ExternalError {
  return new ExternalError('download-failed', message, { retryable: true, hint: OFFLINE, cause });
}

/** Without its query, which may hold a signature. */
function bare(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
