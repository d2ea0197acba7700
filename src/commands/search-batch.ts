import { UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import { linesOf } from '../pipeline/lines.ts';
import type { SearchRequest } from '../pipeline/search/search.ts';
import type { OpenSearch } from '../pipeline/search/targets.ts';
import { reportJson } from '../report/json.ts';
import { REPORT_SCHEMA_VERSION } from '../version.ts';
import { absolutePath } from './common.ts';

/** Answers each line of a file, or of stdin (`-`), with one line of JSON. */
export async function printBatch(
  host: Host,
  open: OpenSearch,
  request: SearchRequest,
  source: string,
): Promise<void> {
  for await (const query of linesOf(host, source === '-' ? null : absolutePath(host, source))) {
    if (host.signal.aborted) return;
    host.stdout.write(await answerTo(open, { ...request, query }));
  }
}

/** A line without a word to look for does not keep the others from their answers. */
async function answerTo(open: OpenSearch, request: SearchRequest): Promise<string> {
  try {
    return reportJson(await open.search(request));
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    const { code, message, hint } = cause;
    const error = { code, message, hint, retryable: false };
    return reportJson({ schemaVersion: REPORT_SCHEMA_VERSION, query: request.query, error });
  }
}
