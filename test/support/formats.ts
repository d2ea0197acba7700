/** Readers of the formats that others define: their schemas, and what a runner makes of workflow commands. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

function schema(name: string): Record<string, unknown> {
  const path = join(import.meta.dirname, '..', 'fixtures', 'schemas', name);
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}

// Its draft 4 says nothing that later drafts read otherwise, but for the name of its id.
const { $schema: _draft, id: _id, ...sarif } = schema('sarif-schema-2.1.0.json');
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
const validSarif = ajv.compile(sarif);
const validGitlab = new Ajv2020({ allErrors: true }).compile(schema('gitlab-code-quality.schema.json'));

/** What of a log breaks the official schema; `[]` where nothing does. */
export function sarifErrors(log: unknown): unknown[] {
  validSarif(log);
  return validSarif.errors ?? [];
}

export function gitlabErrors(report: unknown): unknown[] {
  validGitlab(report);
  return validGitlab.errors ?? [];
}

export interface WorkflowCommand {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** A line as the Actions runner reads it; null where it is none of its commands. */
export function workflowCommand(line: string): WorkflowCommand | null {
  const parts = /^\s*::([a-z-]+)(?: ([^]*?))?::([^]*)$/.exec(line);
  if (parts === null) return null;
  const [, command = '', given = '', message = ''] = parts;
  const properties = given
    .split(',')
    .filter((one) => one !== '')
    .map((one) => {
      const [name = '', ...value] = one.split('=');
      return [name, unescaped(value.join('='))] as const;
    });
  return { command, properties: Object.fromEntries(properties), message: unescaped(message) };
}

function unescaped(text: string): string {
  const codes: Readonly<Record<string, string>> = { '0D': '\r', '0A': '\n', '3A': ':', '2C': ',', '25': '%' };
  return text.replace(/%(0D|0A|3A|2C|25)/g, (_, code: string) => codes[code] ?? '');
}
