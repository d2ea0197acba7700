import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** What of a value breaks a published schema; `[]` where nothing does. */
export function schemaErrors(name: string, value: unknown): unknown[] {
  const path = join(import.meta.dirname, '..', '..', 'schemas', `${name}.schema.json`);
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(path, 'utf8')) as object,
  );
  validate(value);
  return validate.errors ?? [];
}
