/** Where a value comes from, weakest first. */
export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'user'; readonly file: string; readonly line: number | null }
  | { readonly kind: 'repository'; readonly file: string; readonly line: number | null }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'flag'; readonly name: string };

/** `config.toml:7`, `RUSTASSISTANT_LLM_MODEL`, `--model`, `default`. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'default';
    case 'user':
    case 'repository':
      return origin.line === null ? origin.file : `${origin.file}:${origin.line}`;
    case 'environment':
    case 'flag':
      return origin.name;
    default:
      return origin satisfies never;
  }
}
