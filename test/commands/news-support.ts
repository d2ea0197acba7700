/** Repositories whose findings come and go, and what a run says of that. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { News, Report, RepositoryReport } from '../../src/report/model.ts';
import { folderWith, git } from '../support/cli.ts';
import { schemaErrors } from '../support/schema.ts';
import type { CommandOptions } from './support.ts';
import { homeWith, json } from './support.ts';

export const A = 'static mut A: u64 = 0;\n';
export const B = 'static mut B: u64 = 0;\n';

export function repository(files: Readonly<Record<string, string>>) {
  const cwd = folderWith(files);
  git(cwd, 'init', '-q');
  const home = homeWith();
  return { cwd, home, write: (path: string, text: string) => writeFileSync(join(cwd, path), text) };
}

export async function run(at: CommandOptions, ...words: string[]): Promise<RepositoryReport> {
  const report = await json<Report>(['analyze', ...(words.length === 0 ? ['.'] : words)], at);
  expect(schemaErrors('analyze', report)).toEqual([]);
  const [repo] = report.repositories;
  if (repo === undefined) throw new Error('no repository');
  return repo;
}

/** New, kept and fixed ones of severity high. */
export const high = (news: News | null | undefined) =>
  news === null || news === undefined ? news : [news.new.high, news.kept.high, news.fixed.high];
/** The items whose findings of that rule are new. */
export const fresh = ({ files, summary }: RepositoryReport) =>
  files.flatMap(({ findings }) =>
    findings
      .filter(({ rule, id }) => rule === 'static-mut' && summary.news?.newIds.includes(id) === true)
      .map(({ item }) => item),
  );
