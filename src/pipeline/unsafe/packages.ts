import { readPackageFacts } from '../../repo/dependencies.ts';
import type { PackageFacts } from '../../repo/dependencies.ts';

/** Finds the package around a file; each manifest is read once. */
export interface Packages {
  /** Null where no manifest stands on the way up to the root. */
  around(path: string): Promise<PackageFacts | null>;
}

export function packagesOf(root: string): Packages {
  const known = new Map<string, Promise<PackageFacts | null>>();

  function at(base: string): Promise<PackageFacts | null> {
    const found = known.get(base) ?? readPackageFacts(root, base);
    known.set(base, found);
    return found;
  }

  return {
    async around(path) {
      for (let base = path; base !== '';) {
        base = base.slice(0, base.lastIndexOf('/', base.length - 2) + 1);
        const found = await at(base);
        if (found !== null) return found;
      }
      return null;
    },
  };
}
