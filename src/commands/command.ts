import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** What every command module exports: its options, and what it does. Returns the exit status. */
export interface CommandModule {
  define(command: Command): void;
  run(host: Host, args: readonly string[], options: Options): Promise<number>;
}

/** Options as commander hands them over; each command reads its own out of it. */
export type Options = Readonly<Record<string, unknown>>;

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

/** Every command, in the order of the help; a module is imported only when its command runs. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'analyze',
    summary: 'findings and scores',
    load: async () => (await import('./analyze.ts')).analyzeCommand,
  },
  {
    name: 'outline',
    summary: 'the shape of the code: items, signatures, lines',
    load: async () => (await import('./outline.ts')).outlineCommand,
  },
  {
    name: 'unsafe',
    summary: 'unsafe code, what it owes, and what its comments do not mention',
    load: async () => (await import('./unsafe.ts')).unsafeCommand,
  },
  {
    name: 'search',
    summary: 'finds code by its words and names',
    load: async () => (await import('./search.ts')).searchCommand,
  },
  {
    name: 'context',
    summary: 'packs the code that a task needs, for any LLM',
    load: async () => (await import('./context.ts')).contextCommand,
  },
  {
    name: 'ask',
    summary: 'answers a question about the code, with citations that were checked',
    load: async () => (await import('./ask.ts')).askCommand,
  },
  {
    name: 'index',
    summary: 'brings the search index up to date',
    load: async () => (await import('./index.ts')).indexCommand,
  },
  {
    name: 'report',
    summary: 'where a repository stands: hotspots, worst items, TODOs, trend, cost',
    load: async () => (await import('./report.ts')).reportCommand,
  },
  {
    name: 'findings',
    summary: 'list, show, dismiss and restore findings',
    load: async () => (await import('./findings.ts')).findingsCommand,
  },
  {
    name: 'explain',
    summary: 'what a rule means, when it fires, how to mend or silence it',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  {
    name: 'repo',
    summary: 'the tracked repositories: add, list, remove',
    load: async () => (await import('./repo.ts')).repoCommand,
  },
  {
    name: 'usage',
    summary: 'money spent, and what is left of each cap',
    load: async () => (await import('./usage.ts')).usageCommand,
  },
  {
    name: 'cache',
    summary: 'what is stored: stats, prune, why, clean, dir',
    load: async () => (await import('./cache.ts')).cacheCommand,
  },
  {
    name: 'models',
    summary: 'embedding models for the search: pull, add, list, remove',
    load: async () => (await import('./models.ts')).modelsCommand,
  },
  {
    name: 'config',
    summary: 'every setting, and where it comes from',
    load: async () => (await import('./config.ts')).configCommand,
  },
  {
    name: 'mcp',
    summary: 'serves agents over stdio: search, context, outline, findings',
    load: async () => (await import('./mcp.ts')).mcpCommand,
  },
  {
    name: 'doctor',
    summary: 'looks at this machine and says what would fail',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
];
