/** A server that sends one endless line is cut off here, characters. */
const LONGEST_LINE = 4 * 1024 * 1024;

/**
 * The `data` of each server-sent event (WHATWG HTML §9.2), fields other than `data` ignored.
 *
 * The SDK's own decoder is not used: it prints events that it cannot parse to the console, and a server
 * may echo the key in them. Throws `RangeError` on a line without end.
 */
export async function* sseData(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of linesOf(chunks)) {
    if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    if (line !== '' || data.length === 0) continue;
    yield data.join('\n');
    data = [];
  }
  // An event that the connection's end cut off counts where it is whole: its reader finds out.
  if (data.length > 0) yield data.join('\n');
}

/** Lines end at `\n`, `\r\n` or `\r`; the last one also where the bytes end. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let line: string[] = [];
  let length = 0;
  let held = '';
  for await (const chunk of chunks) {
    let text = held + decoder.decode(chunk, { stream: true });
    // A `\r` at the end may be half of a `\r\n`: it waits for what follows.
    held = text.endsWith('\r') ? '\r' : '';
    if (held !== '') text = text.slice(0, -1);
    const [first, ...others] = text.split(/\r\n|\n|\r/) as [string, ...string[]];
    line.push(first);
    length += first.length;
    if (length > LONGEST_LINE) throw new RangeError('a line of the answer has no end');
    for (const other of others) {
      yield line.join('');
      line = [other];
      length = other.length;
    }
  }
  yield line.join('');
}
