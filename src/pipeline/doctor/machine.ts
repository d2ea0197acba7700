import { tmpdir } from 'node:os';
import { messageOf } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { git } from '../../repo/git.ts';
import type { Check } from '../../report/doctor.ts';
import { codec } from '../../store/codec.ts';
import { driverFor, loadDriver } from '../../store/driver.ts';
import { loadGrammar } from '../../syntax/grammar.ts';
import { parseFile } from '../../syntax/parse.ts';
import { fail, ok, warn } from './check.ts';

/** The launcher refuses what is too old before this is reached. */
export function checkNode(): Check[] {
  return [ok('node', `${process.versions.node} (${process.platform} ${process.arch})`)];
}

/** Loads the binding and asks it something. */
export async function checkSqlite(): Promise<Check[]> {
  const name = driverFor(process.versions.node);
  const database = (await loadDriver(name))(':memory:', { readonly: false });
  try {
    const { version } = database.prepare('SELECT sqlite_version() AS version').get() as { version: string };
    return [ok('sqlite', `${version} (${name})`)];
  } finally {
    database.close();
  }
}

/** `{"zstd":"reads what a newer Node wrote"}` as the store writes it: the byte of its codec, the frame. */
const ZSTD_BLOB = Buffer.concat([
  Buffer.of(1),
  Buffer.from('KLUv/SAoQQEAeyJ6c3RkIjoicmVhZHMgd2hhdCBhIG5ld2VyIE5vZGUgd3JvdGUifQ==', 'base64'),
]);

/** Answers are never written with it, so that it is no failure to lack it. */
export async function checkZstd(): Promise<Check[]> {
  const { decode, checksum } = await codec();
  const value = await decode(ZSTD_BLOB, checksum(ZSTD_BLOB));
  if (value !== null) return [ok('zstd', 'reads')];
  const hint = 'What a newer Node stored of a file is parsed again. Node 22.15 or newer brings it.';
  return [warn('zstd', 'not available', hint)];
}

const SAMPLE = 'pub fn answer() -> u8 { 42 }\n';

/** Loads the grammar and parses a line. */
export async function checkGrammar(): Promise<Check[]> {
  const hint = 'The installation is damaged: install rustassistant again.';
  try {
    const grammar = await loadGrammar();
    try {
      const [item] = parseFile(grammar, SAMPLE).items;
      if (item?.name === 'answer') return [ok('grammar', 'loads and parses')];
      return [fail('grammar', 'the grammar does not know Rust', hint)];
    } finally {
      grammar.close();
    }
  } catch (error) {
    return [fail('grammar', messageOf(error), hint)];
  }
}

export async function checkGit({ env }: Host): Promise<Check[]> {
  const nowhere = {
    root: tmpdir(),
    kind: 'argument',
    prefix: '',
    gitDir: null,
    gitCommonDir: null,
    notices: [],
  };
  try {
    const answer = await git({ ...nowhere, kind: 'argument' }, ['version'], { env, timeoutMs: 5_000 });
    return [
      ok(
        'git',
        answer
          .toString('utf8')
          .trim()
          .replace(/^git version /, ''),
      ),
    ];
  } catch (error) {
    const hint = 'Without it everything works but --since and the order by how often files change.';
    return [warn('git', messageOf(error), hint)];
  }
}
