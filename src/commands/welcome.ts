import { endpointOf } from '../config/endpoint.ts';
import { resolveHome } from '../config/home.ts';
import { describeSource, keySource } from '../config/key.ts';
import { loadConfig } from '../config/load.ts';
import { asksAnything } from '../config/provider.ts';
import { hostOf } from '../config/url.ts';
import { UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import { VERSION } from '../version.ts';

/** What `rustassistant` alone prints: the commands that work today, and where to start. */
export async function welcome(host: Host): Promise<string> {
  return `rustassistant ${VERSION}: reviews Rust code, never pays twice for an answer

Usage: rustassistant <command> [options]

  analyze [path…]   findings and scores
  search <query>    find code by meaning or name
  context <task>    the code that a task needs, for any LLM
  ask <question>    an answer with citations that were checked
  outline  unsafe   the shape of the code; what its unsafe parts owe
  findings explain  list, show, dismiss, restore; what a rule means
  repo  index       tracked repositories; their search index
  report usage cache where it stands; spent; stored
  config  doctor    settings; machine check
  models  mcp       embedders; a server for agents

Start:  rustassistant analyze .             free without key
        rustassistant analyze . --dry-run   price first
${await llmState(host)} More: rustassistant help <command>
`;
}

/** One sentence. Whatever is wrong with the settings is `doctor`'s to tell at length. */
async function llmState(host: Host): Promise<string> {
  try {
    const { settings } = await loadConfig({ home: resolveHome(host.env), env: host.env });
    const { llm } = settings;
    const endpoint = endpointOf(llm);
    if (endpoint === null) return 'LLM off: provider is local.';
    if (!asksAnything(settings)) return 'LLM off: analysis.lenses names no question.';
    const source = keySource(settings, host.env);
    if (source !== null)
      return `LLM: ${llm.model} at ${hostOf(endpoint)}, key from ${describeSource(source)}.`;
    if (llm.provider === 'openai-compatible')
      return `LLM: ${llm.model} at ${hostOf(endpoint)}, without a key.`;
    return `LLM off: ${llm.keyEnv === '' ? 'no key is configured' : `${llm.keyEnv} not set`}.`;
  } catch (error) {
    if (error instanceof UserError) return 'The settings have mistakes: rustassistant doctor.';
    throw error;
  }
}
