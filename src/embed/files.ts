/** One file of a model's folder; names use slashes. */
export interface FileRow {
  readonly name: string;
  /** More is refused: no model of this size needs it. */
  readonly maxBytes: number;
  readonly need: 'required' | 'weights' | 'optional';
}

const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** Every file that is read of a model, and nothing else is taken. Of the weights the first that is there. */
export const MODEL_FILES: readonly FileRow[] = [
  { name: 'config.json', maxBytes: 256 * KIB, need: 'required' },
  { name: 'tokenizer_config.json', maxBytes: MIB, need: 'required' },
  { name: 'tokenizer.json', maxBytes: 32 * MIB, need: 'required' },
  // What sentence-transformers writes beside a model: how its vectors are made.
  { name: 'modules.json', maxBytes: 64 * KIB, need: 'optional' },
  { name: '1_Pooling/config.json', maxBytes: 64 * KIB, need: 'optional' },
  { name: 'config_sentence_transformers.json', maxBytes: 64 * KIB, need: 'optional' },
  { name: 'sentence_bert_config.json', maxBytes: 64 * KIB, need: 'optional' },
  { name: 'onnx/model_quantized.onnx', maxBytes: 1024 * MIB, need: 'weights' },
  { name: 'onnx/model.onnx', maxBytes: 1024 * MIB, need: 'weights' },
];

export const QUANTISED = 'onnx/model_quantized.onnx';

export function fileRow(name: string): FileRow | null {
  return MODEL_FILES.find((row) => row.name === name) ?? null;
}
