import { UserError } from '../errors.ts';
import type { Severity } from '../types/finding.ts';
import type { Report, RepositoryReport } from './model.ts';
import { newsOnly } from './select.ts';
import type { TextOptions } from './text.ts';

/** Every form of a report; for people first. */
export const FORMATS = ['text', 'short', 'json', 'sarif', 'github', 'gitlab', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

/** What most people read in them: the mildest findings that are shown unless somebody asks for others. */
export const LEAST: Readonly<Record<Format, Severity>> = {
  text: 'medium',
  short: 'info',
  json: 'info',
  sarif: 'info',
  github: 'medium',
  gitlab: 'info',
  markdown: 'medium',
};

/** The forms in which what the user must know beside the findings has no place. */
export const WITHOUT_NOTES: ReadonlySet<Format> = new Set(['short', 'github', 'gitlab']);

export interface RenderOptions {
  readonly severity: Severity;
  /** The short form's paths are relative to it. */
  readonly cwd: string;
  readonly text: Omit<TextOptions, 'severity'>;
}

/** The report in one of its forms. Throws what `requireOneRepository` throws. */
export async function render(report: Report, format: Format, options: RenderOptions): Promise<string> {
  const { severity, cwd, text } = options;
  requireOneRepository(format, report.repositories.length);
  const [first] = report.repositories as readonly [RepositoryReport];
  // Beside a baseline people are shown what is new; programs get everything, and what is new is marked.
  const forPeople = newsOnly(report);
  switch (format) {
    case 'text': {
      const whole = (await import('./text.ts')).renderText(forPeople, { ...text, severity });
      if (report.repositories.length < 2) return whole;
      return `${whole}\n${await (await import('./summary-table.ts')).summaryTable(forPeople)}`;
    }
    case 'short':
      return (await import('./short.ts')).renderShort(forPeople, severity, cwd);
    case 'json':
      return (await import('./json.ts')).renderJson(report, severity);
    case 'sarif':
      return (await import('./sarif.ts')).renderSarif(report, severity);
    case 'github':
      return (await import('./github.ts')).renderGithub(forPeople.repositories[0] ?? first, severity);
    case 'gitlab':
      return (await import('./gitlab.ts')).renderGitlab(first, severity);
    case 'markdown':
      return (await import('./markdown.ts')).renderMarkdown(forPeople, severity);
    default:
      return format satisfies never;
  }
}

/** What reads these takes paths for those of one repository. */
const OF_ONE_REPOSITORY: ReadonlySet<Format> = new Set(['github', 'gitlab']);

/** Throws UserError `usage` where a form cannot hold so many repositories. */
export function requireOneRepository(format: Format, repositories: number): void {
  if (repositories === 1 || !OF_ONE_REPOSITORY.has(format)) return;
  const message = `the format "${format}" is about one repository, and these are ${repositories}`;
  throw new UserError('usage', message, 'Run it for each of them, or take sarif, json or markdown.');
}
