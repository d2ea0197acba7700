import type { FileRole } from '../types/source.ts';

/** What these files hold is test code, whatever its attributes say. */
const ROLES: ReadonlySet<FileRole> = new Set(['test', 'bench', 'example']);
/** The same by their place, where Cargo knows of none: test suites of compilers, folders of fixtures. */
const PLACES = /(?:^|\/)(?:tests?|test_suite|benches|examples?|fuzz)(?:\/|$)|(?:^|\/)tests?\.rs$/;

/** Whether a file's code is there to try other code. */
export function isTesting(path: string, role: FileRole): boolean {
  return ROLES.has(role) || PLACES.test(path);
}
