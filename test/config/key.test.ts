import { chmodSync, chownSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runShell } from '../../src/config/command.ts';
import { keySource, resolveKey } from '../../src/config/key.ts';
import type { Settings } from '../../src/config/schema.ts';
import { ExternalError } from '../../src/errors.ts';
import { inFolder, load, refusal } from './support.ts';

const KEY = 'xai-canary-0123456789';

async function withLlm(llm: Partial<Settings['llm']>): Promise<Settings> {
  const { settings } = await load({});
  return { ...settings, llm: { ...settings.llm, ...llm } };
}

async function ofFile(path: string) {
  return resolveKey(await withLlm({ keyEnv: '', keyFile: path }), {});
}

async function ofCommand(command: string, env = process.env) {
  return resolveKey(await withLlm({ keyEnv: '', keyCommand: command }), env);
}

describe('from a variable', () => {
  it('is trimmed', async () => {
    const settings = await withLlm({});
    expect(await resolveKey(settings, { XAI_API_KEY: ` ${KEY}\n` })).toBe(KEY);
    expect(keySource(settings, { XAI_API_KEY: KEY })).toEqual({ kind: 'environment', name: 'XAI_API_KEY' });
  });

  it.each([undefined, '', ' \n'])('is none where it is %j', async (value) => {
    expect(await resolveKey(await withLlm({}), { XAI_API_KEY: value })).toBeNull();
  });

  it.each(['two words', 'two\nlines', 'a\tb', 'schlüssel', '\u001b[31m', 'x'.repeat(8193)])(
    'is refused where it is no key, and not shown',
    async (value) => {
      const text = await refusal(resolveKey(await withLlm({}), { XAI_API_KEY: value }));
      expect(text).toBe(
        'bad-key: XAI_API_KEY gave something that is no key: one line of letters, digits and signs\n> The key alone must stand there.',
      );
    },
  );

  it('never leaves for another host, even with settings made by hand', async () => {
    const elsewhere = { provider: 'openai-compatible', baseUrl: 'https://evil.example/v1' } as const;
    expect(await resolveKey(await withLlm(elsewhere), { XAI_API_KEY: KEY })).toBeNull();
    expect(await resolveKey(await withLlm({ provider: 'local' }), { XAI_API_KEY: KEY })).toBeNull();
  });
});

describe('from a file', () => {
  it('that is mine alone, also through a link and under ~', () =>
    inFolder(async (folder) => {
      mkdirSync(join(folder, 'keys'));
      const path = join(folder, 'keys', 'xai');
      writeFileSync(path, `${KEY}\r\n`, { mode: 0o600 });
      expect(await ofFile(path)).toBe(KEY);
      symlinkSync(path, join(folder, 'link'));
      expect(await ofFile(join(folder, 'link'))).toBe(KEY);
      const tilde = await withLlm({ keyEnv: '', keyFile: '~/keys/xai' });
      expect(await resolveKey(tilde, { HOME: folder })).toBe(KEY);
      chmodSync(path, 0o400);
      expect(await ofFile(path)).toBe(KEY);
    }));

  it.each([0o644, 0o640, 0o620, 0o602, 0o777])('is refused with mode %o', (mode) =>
    inFolder(async (folder) => {
      const path = join(folder, 'xai');
      writeFileSync(path, KEY);
      chmodSync(path, mode);
      const octal = mode.toString(8).padStart(4, '0');
      expect(await refusal(ofFile(path))).toBe(
        `bad-key: key_file ${path} is open to others (mode ${octal})\n> Run: chmod 600 ${path}`,
      );
    }),
  );

  it('is refused where it is missing, a folder, empty, or holds more than the key', () =>
    inFolder(async (folder) => {
      const said = async (name: string, content: string | null) => {
        if (content !== null) writeFileSync(join(folder, name), content, { mode: 0o600 });
        return (await refusal(ofFile(join(folder, name)))).split('\n')[0]?.replace(`${folder}/`, '');
      };
      mkdirSync(join(folder, 'folder'));
      expect(await said('none', null)).toBe('bad-key: key_file none does not exist');
      expect(await said('folder', null)).toBe('bad-key: key_file folder is not a regular file');
      expect(await said('empty', '\n')).toBe('bad-key: key_file empty gave nothing');
      expect(await said('huge', KEY.repeat(1000))).toBe('bad-key: key_file huge is larger than 16 KiB');
      expect(await said('env', `XAI_API_KEY=${KEY}\nB=c`)).toBe(
        'bad-key: key_file env gave something that is no key: one line of letters, digits and signs',
      );
    }));

  it.runIf(process.getuid?.() === 0)('is refused where it belongs to someone else', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'xai');
      writeFileSync(path, KEY, { mode: 0o600 });
      chownSync(path, 12345, 12345);
      expect(await refusal(ofFile(path))).toContain(`bad-key: key_file ${path} belongs to another user`);
    }),
  );
});

describe('from a command', () => {
  async function failure(command: string): Promise<string> {
    const error: unknown = await ofCommand(command).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ExternalError);
    return (error as ExternalError).message;
  }

  it('run by sh, with the environment that it is handed', async () => {
    const env = { PATH: process.env.PATH, PART: 'canary' };
    expect(await ofCommand('printf "xai-%s" "$PART" | cat', env)).toBe('xai-canary');
  });

  it('is not run to find out whether there is a key', () =>
    inFolder(async (folder) => {
      const settings = await withLlm({ keyEnv: '', keyCommand: `touch '${folder}/ran'; echo k` });
      expect(keySource(settings, process.env)).toEqual({ kind: 'command' });
      expect(existsSync(join(folder, 'ran'))).toBe(false);
      await resolveKey(settings, process.env);
      expect(existsSync(join(folder, 'ran'))).toBe(true);
    }));

  it('fails with a reason and without what was written', async () => {
    expect(await failure(`echo ${KEY}; echo ${KEY} >&2; exit 3`)).toBe('key_command ended with status 3');
    expect(await failure('kill -TERM $$')).toBe('key_command was ended by SIGTERM');
    expect(await failure('yes')).toBe('key_command wrote more than 16 KiB');
    expect((await refusal(ofCommand('true'))).split('\n')[0]).toBe('bad-key: key_command gave nothing');
  });

  it('does not wait for longer than it may, nor for what it leaves behind', async () => {
    const began = performance.now();
    await expect(runShell('sleep 5; echo k', process.env, 50)).rejects.toThrow(
      'key_command did not end within 0.05 s',
    );
    const pipes = () => process.getActiveResourcesInfo().filter((kind) => kind === 'PipeWrap').length;
    const before = pipes();
    await expect(runShell('sleep 5 & echo k; wait', process.env, 50)).rejects.toThrow('did not end');
    await expect.poll(pipes).toBe(before);
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
