import { resolveHome } from '../config/home.ts';
import type { FlagValues } from '../config/given.ts';
import type { Config } from '../config/load.ts';
import { loadConfig } from '../config/load.ts';
import type { Host } from '../host.ts';
import { knownRules } from '../lint/table.ts';
import type { Root } from '../repo/root.ts';
import { discoverRoot } from '../repo/root.ts';

/** One repository that a command works on, with the settings that hold for it. */
export interface Target {
  readonly root: Root;
  /** What was asked for inside of it, with `/`; `''` is all. */
  readonly prefixes: readonly string[];
  readonly config: Config;
  /** `untrusted`: nothing that the repository says of itself is heard. */
  readonly trust: 'repository' | 'untrusted';
}

export interface TargetOptions {
  readonly flags?: FlagValues;
  readonly trust?: 'repository' | 'untrusted';
}

/** The repositories around the paths given (absolute), each once, in the order in which they are named first. */
export async function targetsFor(
  host: Host,
  paths: readonly string[],
  options: TargetOptions = {},
): Promise<Target[]> {
  const byRoot = new Map<string, { root: Root; prefixes: string[] }>();
  for (const path of paths) {
    const root = discoverRoot(path);
    const known = byRoot.get(root.root);
    if (known === undefined) byRoot.set(root.root, { root, prefixes: [root.prefix] });
    else known.prefixes.push(root.prefix);
  }
  const home = resolveHome(host.env);
  const rules = knownRules();
  const targets: Target[] = [];
  for (const { root, prefixes } of byRoot.values()) {
    const config = await loadConfig({ ...options, home, env: host.env, repoRoot: root.root, rules });
    const { trust = 'repository' } = options;
    targets.push({ root, prefixes: prefixes.includes('') ? [''] : prefixes, config, trust });
  }
  return targets;
}
