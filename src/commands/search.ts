import type { Command } from 'commander';
import { join, relative } from 'node:path';
import { resolveHome } from '../config/home.ts';
import { UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { Place } from '../pipeline/search/example.ts';
import type { SearchRequest } from '../pipeline/search/search.ts';
import type { OpenSearch } from '../pipeline/search/targets.ts';
import type { Target } from '../pipeline/targets.ts';
import { discoverRoot } from '../repo/root.ts';
import { reportJson } from '../report/json.ts';
import type { SearchReport, SearchResult } from '../report/search-model.ts';
import type { Layout } from '../store/layout.ts';
import type { CommandModule, Options } from './command.ts';
import {
  absolutePath,
  countOption,
  formatOf,
  listOption,
  TEXT_OR_JSON,
  textOption,
  wantsColor,
} from './common.ts';
import { printBatch } from './search-batch.ts';
import { searchTargets } from './search-targets.ts';
import { whileSearching } from './searching.ts';

export const searchCommand: CommandModule = {
  define,
  async run(host, [query], options) {
    const paths = (options['repo'] ?? []) as readonly string[];
    const like = likeOf(host, options, paths);
    const batch = textOption(options, 'batch');
    requireOne([query, like, batch]);
    const format = batch === undefined ? formatOf(options, TEXT_OR_JSON) : 'json';
    const request = await requestOf(query ?? '', like, options);
    const { openLayout } = await import('../store/layout.ts');
    const layout = openLayout(resolveHome(host.env));
    const targets = await searchTargets(host, layout, options, { paths, besides: like?.root });
    await searchIn(host, layout, targets, options, async (open) => {
      if (batch !== undefined) return printBatch(host, open, request, batch);
      const report = await open.search(request);
      if (!host.signal.aborted) host.stdout.write(await render(host, report, options, format));
    });
    return host.signal.aborted ? 130 : 0;
  },
};

function define(command: Command): void {
  command
    .argument('[query]', 'what to look for: words, an identifier, a path')
    .option('--like <path:line>', 'instead of a query: more like the item there')
    .option(
      '--batch <file>',
      'a query a line, - for stdin; a line of JSON for each: its answer, or its error',
    )
    .option('--repo <path>', 'this repository or part of one; more than once for several', listOption)
    .option('--all', 'the tracked repositories (rustassistant repo)')
    .option('-n, --limit <n>', 'results at most (with -l: files)', countOption, 10)
    .option('--mode <mode>', `${MODES.join(', ')} (default: hybrid, by words and by meaning)`)
    .option('--kind <kinds>', 'only items of these kinds: fn,struct,trait,…')
    .option('-g, --glob <glob>', 'only files that match; with ! before it, only others', listOption)
    .option('--findings', 'search what analyses have found instead of the code')
    .option('--content', 'print the whole items')
    .option('-l', 'print files alone, each once')
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
  rustassistant search --all --like src/ring.rs:12    the same pattern elsewhere

The first search of a repository indexes it; later ones index what has changed. Nothing leaves the machine.
`;

async function requestOf(query: string, like: Place | null, options: Options): Promise<SearchRequest> {
  const { checkedKinds } = await import('../pipeline/search/search.ts');
  const { pathFilter } = await import('../repo/path-filter.ts');
  const globs = options['glob'] as readonly string[] | undefined;
  const kinds = options['kind'] as string | undefined;
  return {
    query,
    like,
    mode: modeOf(options['mode']),
    limit: options['limit'] as number,
    unit: options['l'] === true ? 'file' : 'item',
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

function requireOne(ways: readonly unknown[]): void {
  const given = ways.filter((way) => way !== undefined && way !== null).length;
  if (given === 1) return;
  const message =
    given === 0 ? 'there is nothing to look for' : 'a query, --like and --batch exclude each other';
  throw new UserError('usage', message, 'See: rustassistant help search');
}

function likeOf(host: Host, options: Options, paths: readonly string[]): Place | null {
  const text = textOption(options, 'like');
  if (text === undefined) return null;
  const [, path, line] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (path === undefined || line === undefined)
    throw new UserError('usage', `--like takes no "${text}"`, 'Give a place like src/net/pool.rs:141.');
  const { root, prefix } = discoverRoot(absolutePath(host, path));
  const roots = paths.map((one) => discoverRoot(absolutePath(host, one)).root);
  return { root, file: prefix, line: Number(line), searched: roots.length === 0 || roots.includes(root) };
}

async function searchIn(
  host: Host,
  layout: Layout,
  targets: readonly Target[],
  options: Options,
  work: (open: OpenSearch) => Promise<void>,
): Promise<void> {
  const [{ openTargets }, { openFindings }] = await Promise.all([
    import('../pipeline/search/targets.ts'),
    import('../pipeline/search/findings.ts'),
  ]);
  const findings = options['findings'] === true;
  const by = findings || options['mode'] === 'keyword' ? 'words' : 'model';
  const sync = options['sync'] === false ? 'never' : options['all'] === true ? 'what is shown' : 'first';
  await whileSearching(host, options, { layout, targets, by }, async (context) => {
    const open = await (findings ? openFindings : openTargets)(context, targets, sync);
    await work(open).finally(() => open.close());
  });
}

async function render(host: Host, report: SearchReport, options: Options, format: 'text' | 'json') {
  const { pathsText, searchText } = await import('../report/search.ts');
  if (format === 'json') return reportJson(report);
  const shown = ({ root, path }: SearchResult): string => relative(host.cwd, join(root, path));
  if (options['l'] === true) return pathsText(report, shown);
  const color = wantsColor(options, host.env, host.stdout);
  return searchText(report, { color, scores: options['scores'] === true, shown });
}
