import type { Passage } from '../../embed/embedder.ts';
import { embeddedText } from '../../search/embedded-text.ts';
import { modulePath } from '../../search/module-path.ts';
import type { Splitter } from '../../search/words.ts';
import type { StoredChunk } from '../../store/chunks.ts';
import type { VectorRow } from '../../vector/row.ts';

/** What is stored of a chunk beside its vector. */
export interface Embedded {
  readonly passage: Passage;
  readonly vector: Float32Array;
  readonly modelId: string;
}

export function vectorRow(split: Splitter, chunk: StoredChunk, embedded: Embedded): VectorRow {
  const { passage, vector, modelId } = embedded;
  const module = modulePath(chunk.file, chunk.path);
  return {
    id: chunk.id,
    vector,
    text: `# ${chunk.file}\n# Module: ${module}\n# ${embeddedText(passage)}`,
    file_path: chunk.file,
    content_hash: chunk.contentHash,
    chunk_hash: chunk.hash,
    model_id: modelId,
    entity_type: chunk.kind,
    entity_name: chunk.name,
    language: 'rust',
    start_line: chunk.startLine,
    end_line: chunk.endLine,
    module_path: module,
    signature: chunk.signature,
    visibility: chunk.visibility,
    test: chunk.test,
    words: split(chunk.path).join(' '),
  };
}
