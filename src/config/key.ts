import { UserError } from '../errors.ts';
import { runShell } from './command.ts';
import { shellWord } from '../util/shell.ts';
import { isXai } from '../util/xai.ts';
import { XAI_VARIABLE, endpointOf } from './endpoint.ts';
import { expandPath } from './home.ts';
import { readText } from './read.ts';
import type { Settings } from './schema.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type KeySource =
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'command' };

const MAX_KEY_BYTES = 16 * 1024;

/**
 * Where the key for the endpoint in use would come from, without reading it: no command runs, no file
 * is opened. Null where none is set, where the variable is empty, and where nothing is sent anywhere.
 */
export function keySource({ llm }: Settings, env: Environment): KeySource | null {
  const endpoint = endpointOf(llm);
  if (endpoint === null) return null;
  if (llm.keyCommand !== '') return { kind: 'command' };
  if (llm.keyFile !== '') return { kind: 'file', path: expandPath(llm.keyFile, env) };
  // `settleKey` has said so already; settings made by hand must not leak the key either.
  if (llm.keyEnv === '' || (llm.keyEnv === XAI_VARIABLE && !isXai(endpoint))) return null;
  return (env[llm.keyEnv] ?? '').trim() === '' ? null : { kind: 'environment', name: llm.keyEnv };
}

export function describeSource(source: KeySource): string {
  switch (source.kind) {
    case 'environment':
      return source.name;
    case 'file':
      return `key_file ${source.path}`;
    case 'command':
      return 'key_command';
    default:
      return source satisfies never;
  }
}

/**
 * The key for the endpoint in use, or null where `keySource` is null: the secret itself, for the request's header and
 * nothing else. Throws a `UserError` for a file that is missing, open to others or no key, an `ExternalError` for a
 * command that fails; no message ever holds what was read.
 */
export async function resolveKey(settings: Settings, env: Environment): Promise<string | null> {
  const source = keySource(settings, env);
  if (source === null) return null;
  const name = describeSource(source);
  switch (source.kind) {
    case 'environment':
      return validKey(env[source.name] ?? '', name);
    case 'file':
      return validKey(readKeyFile(source.path), name);
    case 'command':
      return validKey(await runShell(settings.llm.keyCommand, env), name);
    default:
      return source satisfies never;
  }
}

function readKeyFile(path: string): string {
  const file = readText(path, { maxBytes: MAX_KEY_BYTES, links: 'follow' });
  const set = 'Let llm.key_file name a file of yours that holds nothing but the key.';
  if (file.kind === 'absent') throw new UserError('bad-key', `key_file ${path} does not exist`, set);
  if (file.kind === 'refused') throw new UserError('bad-key', `key_file ${path} is ${file.why}`, set);
  // Windows tells neither modes nor owners this way; there the profile's own rights must do.
  const user = process.getuid?.();
  if (user === undefined) return file.text;
  if (file.owner !== user) throw new UserError('bad-key', `key_file ${path} belongs to another user`, set);
  if ((file.mode & 0o077) !== 0) {
    const mode = file.mode.toString(8).padStart(4, '0');
    throw new UserError(
      'bad-key',
      `key_file ${path} is open to others (mode ${mode})`,
      `Run: chmod 600 ${shellWord(path)}`,
    );
  }
  return file.text;
}

/** Printable ASCII without blanks: what an HTTP header can carry, and no second line. */
function validKey(text: string, source: string): string {
  const key = text.trim();
  if (/^[\x21-\x7e]{1,8192}$/.test(key)) return key;
  const what =
    key === '' ? 'gave nothing' : 'gave something that is no key: one line of letters, digits and signs';
  throw new UserError('bad-key', `${source} ${what}`, 'The key alone must stand there.');
}
