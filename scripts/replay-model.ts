/**
 * Answers of a real small model to the real prompt, recorded once and replayed ever since.
 *
 *   npx tsx scripts/replay-model.ts
 *       reads test/fixtures/answers/*.json again and prints what each answer is worth
 *   npx tsx scripts/replay-model.ts record <base url> <folder> <tokens> <file.rs>...
 *       asks an OpenAI-compatible server about the units of those files, in requests of so many tokens, and
 *       writes one recording a request
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unitTexts } from '../src/lens/context.ts';
import type { UnitText } from '../src/lens/context.ts';
import type { SentItem } from '../src/lens/lens.ts';
import { packUnits } from '../src/lens/pack.ts';
import type { Pack } from '../src/lens/pack.ts';
import { reviewLens } from '../src/lens/review.ts';
import { loadGrammar } from '../src/syntax/grammar.ts';
import { parseFile } from '../src/syntax/parse.ts';

export interface Recording {
  readonly model: string;
  readonly promptHash: string;
  readonly seconds: number;
  readonly finishReason: string;
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
  readonly items: readonly SentItem[];
  readonly answer: string;
}

/** What an answer is worth. */
export interface Outcome {
  readonly kind: string;
  readonly sent: number;
  readonly answered: number;
  readonly findings: number;
  readonly unanchored: number;
  readonly repeated: number;
  readonly foreign: number;
  readonly duplicate: number;
  readonly errors: readonly string[];
}

/** Cut answers are not read at all, as in a run. */
export function outcomeOf({ items, answer, finishReason }: Recording): Outcome {
  const none = {
    sent: items.length,
    answered: 0,
    findings: 0,
    unanchored: 0,
    repeated: 0,
    foreign: 0,
    duplicate: 0,
  };
  if (finishReason !== 'stop') return { kind: finishReason, ...none, errors: [] };
  const reading = reviewLens().readAnswer(answer, items);
  if (reading.kind === 'invalid') return { kind: 'invalid', ...none, errors: reading.errors };
  const answers = [...reading.answers.values()];
  return {
    kind: 'ok',
    sent: items.length,
    answered: answers.length,
    findings: answers.reduce((sum, { findings }) => sum + findings.length, 0),
    unanchored: reading.discarded.unanchored,
    repeated: reading.discarded.repeated,
    foreign: reading.discarded.foreign,
    duplicate: reading.discarded.duplicate,
    errors: reading.errors,
  };
}

export function readRecordings(folder: string): { readonly name: string; readonly recording: Recording }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, recording: JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recording }));
}

async function record(
  baseUrl: string,
  folder: string,
  tokens: number,
  files: readonly string[],
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const grammar = await loadGrammar();
  const units = files.flatMap((file) =>
    unitTexts(parseFile(grammar, readFileSync(file, 'utf8')))
      .filter(({ test }) => !test)
      .map((unit) => ({ file: basename(file), key: `${unit.hash} ${unit.context}`, unit })),
  );
  grammar.close();
  const packs = packUnits(units, {
    requestTokens: tokens,
    tokensOf: (bytes) => Math.ceil(bytes / 3.5),
    reasoningEffort: 'none',
    apart: false,
  });
  for (const [index, pack] of packs.entries()) {
    const recording = await ask(baseUrl, pack);
    const name = `${basename(files[0] ?? '', '.rs')}-${String(index + 1).padStart(2, '0')}.json`;
    writeFileSync(join(folder, name), `${JSON.stringify(recording, null, 1)}\n`);
    console.log(name, JSON.stringify(outcomeOf(recording)));
  }
}

async function ask(baseUrl: string, pack: Pack): Promise<Recording> {
  const lens = reviewLens();
  const items = pack.units.map(({ id, file, unit }) => sentItem(id, file, unit as UnitText));
  const began = performance.now();
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'any',
      messages: [
        { role: 'system', content: lens.system },
        { role: 'user', content: lens.userMessage(items) },
      ],
      max_tokens: pack.completionCap,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
      response_format: {
        type: 'json_schema',
        json_schema: { name: lens.responseName, strict: true, schema: lens.responseSchema },
      },
    }),
  });
  if (!response.ok || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
  const recording = { model: '', promptHash: lens.promptHash, finishReason: '', answer: '' };
  let usage = { prompt_tokens: 0, completion_tokens: 0 };
  for await (const chunk of chunksOf(response.body)) {
    const [choice] = chunk.choices;
    recording.model = chunk.model;
    recording.answer += choice?.delta.content ?? '';
    recording.finishReason = choice?.finish_reason ?? recording.finishReason;
    usage = chunk.usage ?? usage;
  }
  const { prompt_tokens, completion_tokens } = usage;
  const seconds = Math.round((performance.now() - began) / 1000);
  return { ...recording, seconds, usage: { prompt_tokens, completion_tokens }, items };
}

interface Chunk {
  readonly model: string;
  readonly choices: readonly {
    readonly finish_reason: string | null;
    readonly delta: { readonly content?: string };
  }[];
  readonly usage?: Recording['usage'];
}

/** Server-sent events, one a line. A slow server keeps the connection alive with them. */
async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Chunk> {
  const decoder = new TextDecoder();
  let buffer = '';
  for await (const bytes of body) {
    buffer += decoder.decode(bytes, { stream: true });
    const lines = buffer.split('\n');
    buffer = lines.pop() ?? '';
    for (const line of lines)
      if (line.startsWith('data: {')) yield JSON.parse(line.slice('data: '.length)) as Chunk;
  }
}

function sentItem(id: number, file: string, { hash, text, contextText }: UnitText): SentItem {
  return { id, file, hash, text, context: contextText, replaced: [] };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [command, baseUrl = '', folder = '', tokens = '', ...files] = process.argv.slice(2);
  if (command === 'record') await record(baseUrl, folder, Number(tokens), files);
  else {
    for (const { name, recording } of readRecordings('test/fixtures/answers')) {
      console.log(name, recording.model, JSON.stringify(outcomeOf(recording)));
    }
  }
}
