import { NOTHING_SILENCED } from '../../cache/dismissals.ts';
import type { Target } from '../targets.ts';
import { UserError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { readSource } from '../../repo/source.ts';
import type { LocalState, WhyItem, WhyReport } from '../../report/why-model.ts';
import type { Layout } from '../../store/layout.ts';
import type { RepoFile } from '../../types/source.ts';
import type { FileFacts } from '../../types/unit.ts';
import { lineIndex } from '../../util/lines.ts';
import { REPORT_SCHEMA_VERSION } from '../../version.ts';
import type { Asked } from '../paid/dry-run.ts';
import type { StoredFacts } from '../edits.ts';
import { walkTarget } from '../files.ts';
import { plannedUnits } from '../paid/plan.ts';
import type { ParserPool } from '../pool.ts';
import type { OpenRepository } from '../repository.ts';
import { openRepository } from '../repository.ts';
import type { Reviewer } from '../paid/reviewer.ts';
import { openingNotices } from '../paid/books.ts';
import { localState } from './why-local.ts';
import { whyMissing } from './why-missing.ts';
import type { Outcome } from '../jobs.ts';

export interface WhyRequest {
  readonly pool: ParserPool;
  /** Its prefix is the file. */
  readonly target: Target;
  /** Or why nobody is. */
  readonly asked: Asked | { readonly off: string };
}

/**
 * Why one file's answers can be used or not: the file as it is now against what is stored of it. Stores nothing, so
 * that what was stored before an edit still tells what the edit changed.
 */
export async function whyFile(host: Host, layout: Layout, request: WhyRequest): Promise<WhyReport> {
  const { target, asked } = request;
  const [path = ''] = target.prefixes;
  const { files, skipped, notices } = await walkTarget(target, host.env);
  const left = skipped.find((file) => file.path === path);
  const base = { ...headOf(request, path), notices: [...target.config.notices, ...notices] };
  if (left !== undefined) {
    return { ...base, contentHash: null, local: { state: 'skipped', reason: left.reason }, items: [] };
  }
  const file = files.find((one) => one.path === path);
  if (file === undefined) {
    const hint = 'It is no Rust file, or left out by .gitignore or .rustassistantignore.';
    throw new UserError(
      'not-analysed',
      `${path === '' ? target.root.root : path} is no file that is analysed`,
      hint,
    );
  }
  const repository = await openRepository(host, layout, target);
  try {
    const parsed = await parseNow(host, request, file);
    if (parsed.kind !== 'done') {
      const reason = parsed.kind === 'skipped' ? parsed.reason : parsed.message;
      const state = parsed.kind === 'skipped' ? 'skipped' : 'failed';
      return { ...base, contentHash: null, local: { state, reason }, items: [] };
    }
    const { local, before } = await compared(repository, file, parsed.value);
    const items = await itemsOf(repository, file, parsed.value, before, asked);
    const opening = 'off' in asked ? [] : openingNotices(asked.reviewer.books);
    const said = [...base.notices, ...repository.analysis.notices, ...opening];
    return { ...base, notices: said, contentHash: parsed.value.contentHash, local, items };
  } finally {
    repository.analysis.close();
  }
}

function headOf({ target, asked }: WhyRequest, path: string) {
  const common = { schemaVersion: REPORT_SCHEMA_VERSION, root: target.root.root, path };
  if ('off' in asked) return { ...common, asked: null, off: asked.off };
  const { provider, model, baseUrl } = asked.reviewer.endpoint;
  return { ...common, asked: { provider, model, host: new URL(baseUrl).host }, off: null };
}

async function parseNow(
  host: Host,
  { target, pool }: WhyRequest,
  file: RepoFile,
): Promise<Outcome<FileFacts>> {
  const { analysis, rules } = target.config.settings;
  const { maxFileSize } = analysis;
  const options = { rules, variant: '', silence: NOTHING_SILENCED, at: 0 };
  const source = { root: target.root.root, maxFileSize, options, signal: host.signal };
  let found: Outcome<FileFacts> = { kind: 'failed', path: file.path, message: 'interrupted' };
  await pool.each('facts', source, [file], (outcome) => void (found = outcome));
  return found;
}

async function compared(
  repository: OpenRepository,
  file: RepoFile,
  now: FileFacts,
): Promise<{ readonly local: LocalState; readonly before: StoredFacts | null }> {
  const { analysis, rulesHash } = repository;
  const row = analysis.files([file.path])[0] ?? null;
  const before = row === null ? null : await analysis.getFacts<StoredFacts>(file.path);
  return { local: localState({ row, before, file, contentHash: now.contentHash, rulesHash }), before };
}

async function itemsOf(
  repository: OpenRepository,
  file: RepoFile,
  facts: StoredFacts,
  before: StoredFacts | null,
  asked: WhyRequest['asked'],
): Promise<WhyItem[]> {
  const { maxFileSize } = repository.target.config.settings.analysis;
  const read = readSource(`${repository.target.root.root}/${file.path}`, maxFileSize);
  const lines = lineIndex(read.kind === 'text' ? read.text : '');
  const about =
    'off' in asked
      ? new Map<number, readonly About[]>()
      : await askedAbout(repository, file, facts, before, asked.reviewer);
  const reason = 'off' in asked ? 'provider' : facts.generated ? 'generated' : 'test';
  return facts.units.flatMap((unit) =>
    (about.get(unit.start) ?? [{ question: null, state: 'local' as const, reason } as const]).map((one) => ({
      item: unit.path,
      kind: unit.kind,
      startLine: lines.line(unit.start),
      ...one,
    })),
  );
}

type About = Pick<WhyItem, 'question' | 'state' | 'why'>;

/** What is asked about the units, by their start. */
async function askedAbout(
  repository: OpenRepository,
  { path, role }: RepoFile,
  facts: StoredFacts,
  before: StoredFacts | null,
  reviewer: Reviewer,
): Promise<Map<number, About[]>> {
  const { id } = repository;
  const { answers } = reviewer.books;
  const hashes = new Set(facts.units.map(({ hash }) => hash));
  const row = { path, role, generated: facts.generated };
  const about = new Map<number, About[]>();
  for (const question of (await reviewer.questions(repository)).all) {
    const input = { question, answers, repository: id, retryFailed: false };
    const missing = { answers, repository: id, shared: question.shared, hashes, before };
    for (const { unit, state } of await plannedUnits(input, row, facts)) {
      const lacks = state === 'missing' || state === 'failed';
      const why = lacks ? { why: await whyMissing(missing, unit) } : {};
      about.set(unit.start, [
        ...(about.get(unit.start) ?? []),
        { question: question.lens.name, state, ...why },
      ]);
    }
  }
  return about;
}
