import type { Report, RepositoryReport } from './model.ts';

/** What of a report is worth a message to somebody who has seen the last one. */
export function newsOf(report: Report): Report {
  return { ...report, repositories: report.repositories.filter(isNews) };
}

/** Something was parsed or answered, or could not be. */
function isNews({ summary }: RepositoryReport): boolean {
  const { files, items, skipped, incomplete } = summary;
  const fresh = files.analyzed + files.reused + items.paid;
  const failed = files.failed + items.failed + (skipped.unreadable ?? 0);
  return fresh + failed > 0 || incomplete;
}
