// The least that a search by words and by meaning must do where LanceDB does all of it: start Node, open the table,
// embed the query where a model's folder is given, and ask one hybrid query.
// Usage: node lance-floor.mjs FOLDER TABLE QUERY [MODEL]
process.env.LANCEDB_LOG = 'error';
const [folder, name, query, model] = process.argv.slice(2);
const { default: lance } = await import('@lancedb/lancedb');
let vector = new Float32Array(384).fill(0.05);
if (model !== undefined) {
  const { AutoModel, AutoTokenizer, env, mean_pooling } = await import('@huggingface/transformers');
  env.allowRemoteModels = false;
  const [tokenizer, network] = await Promise.all([
    AutoTokenizer.from_pretrained(model),
    AutoModel.from_pretrained(model, { dtype: 'q8' }),
  ]);
  const input = await tokenizer(query);
  vector = mean_pooling((await network(input)).last_hidden_state, input.attention_mask).data;
}
const connection = await lance.connect(folder);
const table = await connection.openTable(name);
const columns = ['id', 'file_path', 'start_line', 'signature'];
const reranker = await lance.rerankers.RRFReranker.create();
const hybrid = table.query().nearestTo(vector).distanceType('dot').fullTextSearch(query, { columns: 'text' });
const rows = await hybrid.rerank(reranker).select(columns).limit(10).toArray();
if (rows.length === 0) throw new Error('nothing was found');
for (const row of rows) console.log(`${row.file_path}:${row.start_line} ${row.signature}`);
