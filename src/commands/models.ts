import type { Command } from 'commander';
import type { Host } from '../host.ts';
import { reportJson } from '../report/json.ts';
import type { CommandModule, Options } from './command.ts';
import type { TextOrJson } from './common.ts';
import { formatOf, TEXT_OR_JSON } from './common.ts';
import { modelsAdd, modelsPull } from './models-take.ts';

/** Of `list`, where a model is damaged. */
const DAMAGED = 2;

export const modelsCommand: CommandModule = {
  define,
  async run(host, [part = '', ...args], options) {
    const format = formatOf(options, TEXT_OR_JSON);
    const run = PARTS[part];
    if (run === undefined) throw new Error(`models ${part} is declared and not made`);
    const { text, status } = await run(host, args, options, format);
    host.stdout.write(text);
    return host.signal.aborted ? 130 : status;
  },
};

function define(command: Command): void {
  const part = (name: string, about: string): Command =>
    command.command(name).description(about).option('--format <format>', 'text or json', 'text');
  part(
    'pull <name>',
    'Fetches a model: bge-small-en-v1.5, e5-small-v2, all-MiniLM-L6-v2, or owner/name.',
  ).option('--name <name>', 'what it is to be called here');
  part('add <folder>', 'Takes a model out of a folder of this machine; nothing is fetched.').option(
    '--name <name>',
    "what it is to be called here (default: the folder's name)",
  );
  part('list', 'The embedder that comes with the program, and the models that were taken.').option(
    '--verify',
    'read every byte of them',
  );
  part('remove <name>', 'Removes a model.');
  command.addHelpText('afterAll', EXAMPLES);
}

const EXAMPLES = `
Examples:
  rustassistant models pull e5-small-v2
  rustassistant models add ~/Downloads/bge-small-en-v1.5
  rustassistant models list --verify
  rustassistant models remove e5-small-v2

A model is tried before it is taken, which needs: npm install -g @huggingface/transformers --ignore-scripts
HF_ENDPOINT names a mirror of huggingface.co; HTTPS_PROXY a proxy. Exit status: 0 done; 2 not done, or a damaged model.
`;

/** What is printed, and the exit status. */
export interface Told {
  readonly text: string;
  readonly status: number;
}

type Part = (host: Host, args: readonly string[], options: Options, format: TextOrJson) => Promise<Told>;

const PARTS: Readonly<Record<string, Part>> = { pull: modelsPull, add: modelsAdd, list, remove };

async function list(
  host: Host,
  _args: readonly string[],
  options: Options,
  format: TextOrJson,
): Promise<Told> {
  const [{ listModels }, { modelsListText }] = await Promise.all([
    import('../pipeline/search/models.ts'),
    import('../report/models.ts'),
  ]);
  const report = await listModels(host, options['verify'] === true ? 'content' : 'sizes');
  const text = format === 'json' ? reportJson(report) : await modelsListText(report);
  return { text, status: report.models.some(({ status }) => status === 'damaged') ? DAMAGED : 0 };
}

async function remove(
  host: Host,
  [name = '']: readonly string[],
  _options: Options,
  format: TextOrJson,
): Promise<Told> {
  const [{ removeModel }, { modelsRemoveText }] = await Promise.all([
    import('../pipeline/search/models.ts'),
    import('../report/models.ts'),
  ]);
  const report = await removeModel(host, name);
  return { text: format === 'json' ? reportJson(report) : modelsRemoveText(report), status: 0 };
}
