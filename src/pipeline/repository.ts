import type { Dismissed } from './dismissals.ts';
import { dismissedIn } from './dismissals.ts';
import type { Target } from './targets.ts';
import { shortHash } from '../cache/key.ts';
import type { Host } from '../host.ts';
import { headCommit } from '../repo/head.ts';
import { repoId } from '../repo/root.ts';
import type { Analysis } from '../store/analysis.ts';
import { openAnalysis } from '../store/analysis.ts';
import type { Layout } from '../store/layout.ts';
import type { RepositoryPlace } from '../store/repository.ts';
import { placeRepository } from '../store/repository.ts';

/** One repository with its databases open. */
export interface OpenRepository {
  readonly target: Target;
  /** sha256 of the canonical root. */
  readonly id: string;
  readonly commit: string | null;
  readonly place: RepositoryPlace;
  readonly analysis: Analysis;
  /** First 16 of sha256 over the rules' settings. */
  readonly rulesHash: string;
  readonly dismissed: Dismissed;
}

/** Finds or makes the place of a target's repository. */
export function placeOf(layout: Layout, { root }: Target): RepositoryPlace {
  const identity = { path: root.root, fullHash: repoId(root), gitCommonDir: root.gitCommonDir };
  return placeRepository(layout, identity);
}

export async function openRepository(host: Host, layout: Layout, target: Target): Promise<OpenRepository> {
  const { root, config } = target;
  const place = placeOf(layout, target);
  const dismissed = dismissedIn(layout, target);
  return {
    target,
    id: repoId(root),
    commit: await headCommit(root, { env: host.env }),
    place,
    analysis: await openAnalysis(layout, place),
    rulesHash: shortHash(config.settings.rules),
    dismissed,
  };
}
