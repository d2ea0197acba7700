/** What of a chunk of code goes into its vector, each with a weight of its own. */
export const FIELDS = ['path', 'context', 'name', 'signature', 'body', 'doc'] as const;
export type Field = (typeof FIELDS)[number];

/** Tokens weigh differently in each of these: in a query, in what heads an item, in its text. */
export const GROUPS = ['query', 'heads', 'text'] as const;
export const GROUP_OF: Readonly<Record<Field, number>> = {
  ...{ path: 1, context: 1, name: 1, signature: 1, body: 2, doc: 2 },
};

/** Words of each that are read: beyond them little is gained. */
export const WORDS: Readonly<Record<Field | 'query', number>> = {
  ...{ query: 60, path: 30, context: 30, name: 16, signature: 80, body: 400, doc: 80 },
};
