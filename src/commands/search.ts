import type { Command } from 'commander';
import { join, relative } from 'node:path';
import { resolveHome } from '../config/home.ts';
import { UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import { createPool } from '../pipeline/pool.ts';
import type { SearchRequest } from '../pipeline/search.ts';
import type { Target } from '../pipeline/targets.ts';
import type { SearchReport, SearchResult } from '../report/search-model.ts';
import type { Layout } from '../store/layout.ts';
import type { CommandModule, Options } from './command.ts';
import { countOption, formatOf, TEXT_OR_JSON, wantsColor } from './common.ts';
import { progressFor } from './progress.ts';
import { embedderFor, wholeTargets } from './whole-targets.ts';

export const searchCommand: CommandModule = {
  define,
  async run(host, [query = ''], options) {
    const format = formatOf(options, TEXT_OR_JSON);
    const request = await requestOf(query, options);
    const { openLayout } = await import('../store/layout.ts');
    const layout = openLayout(resolveHome(host.env));
    const named = (options['repo'] ?? []) as readonly string[];
    const targets = await wholeTargets(host, layout, named, options);
    const report = await searchIn(host, layout, targets, request, options);
    if (host.signal.aborted) return 130;
    host.stdout.write(await render(host, report, options, format));
    return 0;
  },
};

function define(command: Command): void {
  command
    .argument('<query>', 'what to look for: words, an identifier, a path')
    .option('--repo <path...>', 'these repositories; the one around the current folder')
    .option('--all', 'the tracked repositories (rustassistant repo)')
    .option('-n, --limit <n>', 'results at most', countOption, 10)
    .option('--mode <mode>', `${MODES.join(', ')}; hybrid where an embedding model is set`)
    .option('--kind <kinds>', 'only items of these kinds: fn,struct,trait,…')
    .option('-g, --glob <glob...>', 'only files that match; with ! before it, only others')
    .option('--content', 'print the whole items')
    .option('-l', 'print the files alone')
    .option('--scores', 'print what each score is made of')
    .option('--no-sync', 'search what is indexed; look at no file first')
    .option('--format <format>', 'text or json', 'text')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Examples:
  rustassistant search "retry with backoff"
  rustassistant search Pool::acquire             an identifier: its definition first
  rustassistant search --kind struct -g 'src/net/**' connection
  rustassistant search --all -l "parse the header"

The first search of a repository indexes it; later ones index what has changed. Nothing leaves the machine.
`;

async function requestOf(query: string, options: Options): Promise<SearchRequest> {
  const { checkedKinds } = await import('../pipeline/search.ts');
  const { pathFilter } = await import('../repo/path-filter.ts');
  const globs = options['glob'] as readonly string[] | undefined;
  const kinds = options['kind'] as string | undefined;
  return {
    query,
    mode: modeOf(options['mode']),
    limit: options['limit'] as number,
    kinds: kinds === undefined ? null : checkedKinds(kinds),
    allows: globs === undefined ? null : pathFilter(globs),
    content: options['l'] === true ? 'none' : options['content'] === true ? 'whole' : 'matches',
  };
}

const MODES = ['hybrid', 'vector', 'keyword'] as const;

function modeOf(value: unknown): SearchRequest['mode'] {
  const mode = MODES.find((one) => one === value);
  if (mode !== undefined || value === undefined) return mode ?? null;
  throw new UserError('usage', `there is no mode "${String(value)}"`, `Known: ${MODES.join(', ')}.`);
}

async function searchIn(
  host: Host,
  layout: Layout,
  targets: readonly Target[],
  request: SearchRequest,
  options: Options,
): Promise<SearchReport> {
  const { searchTargets } = await import('../pipeline/search-targets.ts');
  const pool = createPool();
  const progress = await progressFor(host, options);
  const embedder = request.mode === 'keyword' ? null : await embedderFor(layout, targets);
  try {
    const sync = options['sync'] === false ? 'never' : options['all'] === true ? 'what is shown' : 'first';
    return await searchTargets({ host, layout, pool, progress, embedder }, targets, request, sync);
  } finally {
    await embedder?.close();
    await pool.close();
  }
}

async function render(host: Host, report: SearchReport, options: Options, format: 'text' | 'json') {
  const { pathsText, searchJson, searchText } = await import('../report/search.ts');
  if (format === 'json') return searchJson(report);
  const shown = ({ root, path }: SearchResult): string => relative(host.cwd, join(root, path));
  if (options['l'] === true) return pathsText(report, shown);
  const color = wantsColor(options, host.env, host.stdout);
  return searchText(report, { color, scores: options['scores'] === true, shown });
}
