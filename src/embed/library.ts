import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Transformers from '@huggingface/transformers';
import { ExternalError, UserError, messageOf, systemCode } from '../errors.ts';

/** What is used of @huggingface/transformers. */
export type Library = Pick<
  typeof Transformers,
  'AutoModel' | 'AutoTokenizer' | 'LogLevel' | 'Tensor' | 'env'
>;

const PACKAGE = '@huggingface/transformers';
/** Its dependencies' scripts would only fetch CUDA's files, on x64 Linux, and fail where those are not to be had. */
const FLAG = '--ignore-scripts';
const INSTALL = `npm install -g ${PACKAGE} ${FLAG}`;
/** Its interface of today; others are refused before they fail in some other way. */
const MAJOR = '4';

/** Where to look for the library: each gives it, or undefined where it is not there. */
export type Place = () => Promise<Library | undefined>;

/**
 * The library, which is no part of the package (it takes 470 MB): beside this program, as a global
 * installation puts them, else where npm keeps global packages for this Node or for the command that was called.
 * Never below the current folder: that may be a repository of somebody else's. Throws UserError
 * `transformers-missing`, ExternalError `transformers-broken`.
 */
export async function loadLibrary(places: readonly Place[] = PLACES()): Promise<Library> {
  for (const place of places) {
    const library = await attempted(place);
    if (library === undefined) continue;
    const version = String(library.env.version);
    if (version.split('.')[0] === MAJOR) return library;
    const message = `${PACKAGE} ${version} is installed; version ${MAJOR} is needed`;
    throw new UserError('transformers-version', message, `Run: npm install -g ${PACKAGE}@${MAJOR} ${FLAG}`);
  }
  throw new UserError(
    'transformers-missing',
    `this needs ${PACKAGE}, which is not installed`,
    `Run: ${INSTALL}`,
  );
}

const PLACES = (): Place[] => [
  () => import('@huggingface/transformers'),
  ...globalFolders(process.execPath, process.argv[1]).map(packageIn),
];

/** npm's folders of global packages beside a Node and beside a command, on POSIX and on Windows. */
export function globalFolders(node: string, command: string | undefined): string[] {
  const bins = [node, ...(command === undefined ? [] : [command])].map((path) => dirname(path));
  return [
    ...new Set(bins.flatMap((bin) => [join(bin, '..', 'lib', 'node_modules'), join(bin, 'node_modules')])),
  ];
}

/** Looks in a folder of packages; only `require` can be told where. */
export function packageIn(folder: string): Place {
  return async () => createRequire(join(folder, 'here.js'))(PACKAGE) as Library;
}

async function attempted(place: Place): Promise<Library | undefined> {
  try {
    return await place();
  } catch (error) {
    const missing = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(systemCode(error));
    // Something that the library itself lacks is another matter.
    if (missing && messageOf(error).split('\n')[0]?.includes(`'${PACKAGE}'`) === true) return undefined;
    throw new ExternalError('transformers-broken', `${PACKAGE} cannot be loaded: ${firstLine(error)}`, {
      hint: `Install it anew: ${INSTALL}`,
      cause: error,
    });
  }
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? '';
}
