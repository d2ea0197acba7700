import { readFileSync } from 'node:fs';
import { fileWords } from '../search/file-name.ts';
import { packageFile } from '../util/package-file.ts';
import { newEncoder } from './builtin/encode.ts';
import { WORDS } from './builtin/fields.ts';
import type { Header } from './builtin/format.ts';
import { readModel } from './builtin/format.ts';
import type { Embedder, Passage } from './embedder.ts';
import { DIMENSIONS } from './embedder.ts';
import { BUILTIN } from './name.ts';

/** Counted up where the same file comes to give other vectors: the golden test tells. */
const REVISION = 1;
/** Of the package. */
export const BUILTIN_FILE = 'models/rust-static/model.bin';

export interface Builtin extends Embedder {
  readonly header: Header;
  readonly bytes: number;
}

/** Opens the embedder that the program brings along. Throws UserError `bad-model` where its file is damaged. */
export function openBuiltin(path = packageFile(BUILTIN_FILE, import.meta.url)): Builtin {
  const bytes = readFileSync(path);
  const model = readModel(bytes);
  const encoder = newEncoder(model);
  return {
    id: `${BUILTIN}-${model.digest.slice(0, 12)}-${REVISION}`,
    kind: 'builtin',
    dimensions: DIMENSIONS,
    maxTokens: WORDS.body,
    header: model.header,
    bytes: bytes.length,
    embedQueries: async (texts) => texts.map((text) => encoder.query(text)),
    embedPassages: async (passages) => passages.map((passage) => encoder.item(fieldsOf(passage))),
    close: async () => undefined,
  };
}

/** Its name is the last segment of an item's path, the modules and the block around it the others. */
function fieldsOf({ file, path, signature, doc, code }: Passage) {
  const end = path.lastIndexOf('::');
  const context = end === -1 ? '' : path.slice(0, end);
  return {
    path: fileWords(file),
    context,
    name: end === -1 ? path : path.slice(end + 2),
    signature,
    body: code,
    doc,
  };
}
