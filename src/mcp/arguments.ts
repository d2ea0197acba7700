import type { ErrorObject, ValidateFunction } from 'ajv';
import { UserError } from '../errors.ts';
import type { Tool } from './tool.ts';

/** Checks a tool's arguments; throws UserError `usage` that names every mistake. */
export type Checked = (tool: Tool, given: unknown) => unknown;

/** Compiles a tool's schema when it is called first. */
export async function argumentChecker(): Promise<Checked> {
  const { Ajv } = await import('ajv');
  const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: true });
  const compiled = new Map<string, ValidateFunction>();
  return ({ name, input }, given) => {
    const validate = compiled.get(name) ?? ajv.compile(input);
    compiled.set(name, validate);
    const args: unknown = structuredClone(given ?? {});
    if (validate(args)) return args;
    const mistakes = (validate.errors ?? []).map(mistakeOf).join('; ');
    const known = Object.keys((input['properties'] ?? {}) as object).join(', ');
    throw new UserError('usage', `${name} cannot be called like this: ${mistakes}`, `It takes: ${known}.`);
  };
}

function mistakeOf({ instancePath, keyword, params, message }: ErrorObject): string {
  if (keyword === 'additionalProperties')
    return `there is no argument "${String(params['additionalProperty'])}"`;
  if (keyword === 'required') return `"${String(params['missingProperty'])}" is missing`;
  const where = instancePath.slice(1).replaceAll('/', '.');
  const allowed = keyword === 'enum' ? `: ${(params['allowedValues'] as unknown[]).join(', ')}` : '';
  return `${where === '' ? 'the arguments' : `"${where}"`} ${message ?? 'is wrong'}${allowed}`;
}
