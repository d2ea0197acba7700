import type { ObjectSchema } from './tool.ts';

/** What every tool takes: where to look. */
export const PATHS = {
  description:
    'Repositories, folders or files to look in: absolute, or relative to a folder that may be read. Left out: all that may be read.',
  type: 'array',
  items: { type: 'string', minLength: 1, maxLength: 4096 },
  maxItems: 32,
} as const;

/** A strict schema: what is not named is refused. */
export function inputOf(
  properties: Readonly<Record<string, object>>,
  required: readonly string[] = [],
): ObjectSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** A published schema as the protocol takes it: its root is an object, and which draft it is goes without saying. */
export function outputOf(published: { readonly type: string }): ObjectSchema {
  const schema: Record<string, unknown> = { ...published };
  delete schema['$schema'];
  return { ...schema, type: 'object' };
}
