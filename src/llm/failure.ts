import type { FailureClass } from './attempt.ts';

/** What an error answer says: its class, the server's words, and whether it can have been billed. */
export interface ErrorReading {
  readonly class: FailureClass;
  readonly message: string;
  readonly billed: 'no' | 'unknown';
}

/** Reads an HTTP status and error body, in the shapes of xAI, llama.cpp, vLLM and Ollama. */
export function readErrorAnswer(status: number, body: string): ErrorReading {
  const { message, type } = errorWords(body);
  const said = message === '' ? `HTTP ${status}` : message;
  const kind = classify(status, `${type} ${message}`);
  return { class: kind, message: said, billed: mayBeBilled(status, kind) ? 'unknown' : 'no' };
}

function classify(status: number, words: string): FailureClass {
  if (status === 503 && /loading model|model is loading|unavailable_error.*loading/i.test(words))
    return 'loading';
  if (status >= 500) return 'server';
  switch (status) {
    case 401:
      return 'auth';
    case 402:
    case 403:
      return 'refused';
    case 404:
    case 405:
    case 410:
      return 'not-found';
    case 408:
      return 'timeout';
    case 413:
      return 'context-overflow';
    case 429:
      return 'rate-limited';
    default:
  }
  if (status < 400) return 'not-found';
  if (
    /exceed_context_size|context[ _](length|size|window)|maximum prompt length|prompt is too long/i.test(
      words,
    )
  ) {
    return 'context-overflow';
  }
  // xAI answers a wrong key with 400.
  return /(incorrect|invalid) api key/i.test(words) ? 'auth' : 'invalid-request';
}

/** A refusal may carry a fee; a server that broke down may have worked before. */
function mayBeBilled(status: number, kind: FailureClass): boolean {
  return kind === 'server' || kind === 'timeout' || status === 403;
}

function errorWords(body: string): { message: string; type: string } {
  const value = parsed(body);
  if (value === null) return { message: body.trim().startsWith('<') ? '' : body, type: '' };
  const error = value['error'] ?? value;
  if (typeof error === 'string') return { message: error, type: text(value['code']) };
  if (typeof error !== 'object' || error === null) return { message: body, type: '' };
  const fields = error as Record<string, unknown>;
  return { message: text(fields['message']) || text(fields['detail']) || body, type: text(fields['type']) };
}

function parsed(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null; // Not JSON: a proxy's page, or a line of text.
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** `Retry-After` in milliseconds from now: seconds or an HTTP date (RFC 9110 §10.2.3); null where there is none. */
export function readRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const value = header.trim();
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  // `Date.parse` makes a year of `-5`; an HTTP date begins with its weekday.
  const date = /^[A-Z][a-z]{2}/.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

// Nothing was sent: no name, no route, no handshake.
const UNSENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_.*|ERR_SSL_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|ERR_INVALID_URL)$/;

/** Nobody whom Node trusts vouches for the certificate. */
const UNTRUSTED = /SELF_SIGNED_CERT|^UNABLE_TO_(?:VERIFY|GET_ISSUER)/;

/** Reads an exception of the transport: no HTTP answer came, or it broke off. */
export function readTransportError(error: unknown, host: string): ErrorReading {
  const { code, message } = rootCause(error);
  const tunnel = /HTTP Tunneling/i.test(message);
  // A port that fetch refuses to speak to (https://fetch.spec.whatwg.org/#port-blocking).
  const blocked = message === 'bad port';
  const unsent = tunnel || blocked || UNSENT.test(code);
  const told = code === '' ? message : UNTRUSTED.test(code) ? `${code} (see tls.ca_file)` : code;
  const what = blocked ? 'its port is blocked for HTTP' : told;
  return {
    class: code.endsWith('TIMEOUT') || code === 'ETIMEDOUT' ? 'timeout' : 'connection',
    message: unsent ? `cannot reach ${host}: ${what}` : `connection to ${host} broke off: ${what}`,
    billed: unsent ? 'no' : 'unknown',
  };
}

function rootCause(error: unknown): { code: string; message: string } {
  let code = '';
  let message = '';
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    const own = (at as NodeJS.ErrnoException).code;
    if (typeof own === 'string') code = own;
    message = at.message;
  }
  return { code, message };
}
