/** Runs steps of the composite action as a runner of GitHub would. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Ran } from './cli.ts';
import { freshFolder } from './cli.ts';

const ROOT = join(import.meta.dirname, '..', '..');

interface Step {
  readonly id?: string;
  readonly name: string;
  readonly if?: string;
  readonly shell?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action;

export function step(name: string): Step {
  const found = action.runs.steps.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the action has no step ${name}`);
  return found;
}

/** The steps of a job in a page of the documentation: the YAML of its n-th block that begins with `first`. */
export function yamlIn(page: string, first: string): unknown {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = [...text.matchAll(/```yaml\n([^]*?)```/g)].map(([, block = '']) => block);
  const block = blocks.find((one) => one.startsWith(first));
  if (block === undefined) throw new Error(`${page} has no block that begins with ${first}`);
  return parse(block);
}

/** A folder with a `rustassistant` in it that is the one built here. */
function programFolder(): string {
  const folder = freshFolder('bin');
  const program = join(ROOT, 'dist', 'rustassistant.mjs');
  const script = `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`;
  writeFileSync(join(folder, 'rustassistant'), script, { mode: 0o755 });
  return folder;
}

/** A command line by bash as a runner starts it, with nothing of this process's environment but PATH. */
export function inBash(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  const all = { ...env, PATH: `${programFolder()}:${process.env['PATH']}` };
  const args = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script];
  return new Promise((resolve) => {
    execFile('bash', args, { cwd, env: all }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ status, stdout, stderr });
    });
  });
}

export interface ActionRun extends Ran {
  /** `''` where the step left none. */
  readonly sarif: string;
  readonly summary: string;
  readonly output: string;
}

export interface ActionOptions {
  readonly checkout: string;
  readonly home: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Branch that a pull request is for; `''`: none. */
  readonly baseRef?: string;
  /** Of the job. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the step that analyses. */
export async function runAnalyze(options: ActionOptions): Promise<ActionRun> {
  const temp = freshFolder('runner');
  mkdirSync(temp, { recursive: true });
  const [output, summary] = [join(temp, 'output'), join(temp, 'summary')];
  for (const file of [output, summary]) writeFileSync(file, '');
  const analyze = step('Analyze');
  const own = Object.entries(analyze.env ?? {}).map(([name, text]) => [name, filled(text, options, temp)]);
  const ran = await inBash(analyze.run ?? '', options.checkout, {
    ...{
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      HOME: temp,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
    },
    ...options.env,
    ...(Object.fromEntries(own) as Record<string, string>),
  });
  const sarif = join(temp, 'rustassistant.sarif');
  return {
    ...ran,
    sarif: existsSync(sarif) ? readFileSync(sarif, 'utf8') : '',
    summary: readFileSync(summary, 'utf8'),
    output: readFileSync(output, 'utf8'),
  };
}

/** An expression that is not known here is a mistake of whoever wrote it, or of this function. */
function filled(text: string, options: ActionOptions, temp: string): string {
  const { inputs = {}, baseRef = '', home } = options;
  return text.replace(/\$\{\{ (.*?) \}\}/g, (_whole, expression: string) => {
    const [, input] = /^inputs\.([\w-]+)$/.exec(expression) ?? [];
    if (input === 'home') return home;
    if (input !== undefined) {
      const given = inputs[input] ?? action.inputs[input]?.default;
      if (given === undefined) throw new Error(`the action has no input ${input}`);
      return filled(given, options, temp);
    }
    switch (expression) {
      case 'runner.temp':
        return temp;
      case `github.base_ref != '' && 'high' || ''`:
        return baseRef === '' ? '' : 'high';
      case `github.base_ref != '' && format('origin/{0}', github.base_ref) || ''`:
        return baseRef === '' ? '' : `origin/${baseRef}`;
      default:
        throw new Error(`what is \${{ ${expression} }}?`);
    }
  });
}
