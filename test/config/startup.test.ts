import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { inFolder } from './support.ts';

const LIBRARIES = ['smol-toml', 'fastest-levenshtein'];

/** Loads the configuration of `home` in a process of its own; which of the libraries did that process load? */
function loadedFor(home: string): readonly string[] {
  const load = pathToFileURL('src/config/load.ts').href;
  const script = `
    import { Session } from 'node:inspector';
    const session = new Session();
    const urls = [];
    session.connect();
    session.on('Debugger.scriptParsed', ({ params }) => urls.push(params.url));
    const { loadConfig } = await import(${JSON.stringify(load)});
    session.post('Debugger.enable');
    await loadConfig({ home: ${JSON.stringify(home)}, env: {}, repoRoot: ${JSON.stringify(home)} }).catch(() => {});
    console.log(JSON.stringify(urls));`;
  const child = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  const urls = JSON.parse(child.toString()) as string[];
  return LIBRARIES.filter((library) => urls.some((url) => url.includes(library)));
}

it('loads the parser for a file alone, and the edit distance for a mistake alone', () =>
  inFolder((home) => {
    expect(loadedFor(home)).toEqual([]);
    writeFileSync(join(home, 'config.toml'), '[llm]\nmodel = "x"');
    expect(loadedFor(home)).toEqual(['smol-toml']);
    writeFileSync(join(home, 'config.toml'), '[llm]\nmodell = "x"');
    expect(loadedFor(home)).toEqual(['smol-toml', 'fastest-levenshtein']);
  }));
