import { calleeOf, detailOf, enclosing, firstLine, functionText, mentions } from '../place.ts';
import type { LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { isCommented } from '../text.ts';
import type { Site, SiteKind } from '../../types/syntax.ts';

const OTHERS_MAY_WRITE = 0o002;
const STICKY = 0o1000;
const CALLS: ReadonlySet<SiteKind> = new Set(['call']);
const MAKES = /(?:^|::|\.)(?:create|create_new|write|create_dir|create_dir_all|bind|open|rename|copy)$/;

/** `set_mode(0o777)`. */
const worldWritable: SiteCheck = (file, site) => {
  const digits = /^\(\s*0o([0-7_]{3,7})\s*\)/.exec(detailOf(file, site))?.[1];
  if (digits === undefined) return null;
  const mode = Number.parseInt(digits.replaceAll('_', ''), 8);
  if ((mode & OTHERS_MAY_WRITE) === 0 || (mode & STICKY) !== 0 || isCommented(file.text, site)) return null;
  return {
    rule: 'world-writable',
    ...firstLine(file, { ...site, start: Math.max(site.start, site.detail - site.name.length) }),
    title: `mode 0o${digits}: everyone may write`,
    message: 'Every account of the machine may change what stands there, and what is run or trusted from it.',
    suggestion:
      'Grant what is needed: `0o600` or `0o644` for files, `0o700` or `0o755` for folders and programs.',
  };
};

/** A file made at a fixed place in `/tmp`. */
const fixedTemporary: SiteCheck = (file, site, index) => {
  if (!file.text.startsWith('"/tmp/', site.start) || site.end - site.start < 8) return null;
  const outer = file.sites[enclosing(file.sites, index, CALLS)];
  if (outer === undefined || !makes(file, outer) || isCommented(file.text, site)) return null;
  return temporary(file, outer, 'a fixed place in /tmp');
};

/** `Path::new("/tmp/x")` as an argument is looked through. */
function makes(file: LintFile, outer: Site): boolean {
  const callee = calleeOf(file, outer);
  if (MAKES.test(callee)) return !/(?:^|::)File::open$|^open$/.test(callee);
  const around = file.sites[outer.parent];
  return (
    /^(?:Path|PathBuf)::(?:new|from)$/.test(callee) &&
    around?.kind === 'call' &&
    MAKES.test(calleeOf(file, around))
  );
}

const NAME_BY_HAND = /^\(\s*(?:"[^"]*"|&?format!\([^)]*(?:process::id|pid)[^)]*\)+)\s*\)/;

/** `env::temp_dir().join("name")`, `archive.join(entry.path()?)`. */
const joined: SiteCheck = (file, site) => {
  const callee = calleeOf(file, site);
  if (callee.endsWith('temp_dir().join')) {
    return NAME_BY_HAND.test(detailOf(file, site)) && !isCommented(file.text, site)
      ? { ...temporary(file, site, 'a name that can be foretold'), severity: 'low' }
      : null;
  }
  return outside(file, site);
};

function temporary(file: LintFile, site: Site, what: string): NonNullable<ReturnType<SiteCheck>> {
  return {
    rule: 'predictable-temp-path',
    ...firstLine(file, site),
    title: `temporary file at ${what}`,
    message: 'Another account of the machine may have put a link or a file of its own there before.',
    suggestion:
      'Use the `tempfile` crate: it makes the file in one step under a name that nobody can foretell.',
  };
}

const FROM_ARCHIVE =
  /^\(\s*&?(?:entry|file|header|part|field|member|item)\w*(?:\.\w+)?\.(?:path|name|file_name|filename|mangled_name|path_bytes)\(\)/;
const FROM_REQUEST = /^\(\s*&?(?:req|request|params?|query|form|path_params)\b\s*(?:\.|\[|\()/;
const ARCHIVE = /\b(?:zip|tar|archive|unpack|multipart|Multipart)\b/i;
const LOOKED_AT =
  /components\(\)|enclosed_name|sanitiz|canonicalize|ParentDir|starts_with|is_safe|safe_join|unpack_in|strip_prefix|contains\("\.\."\)|read_dir|DirEntry|WalkDir/;

/** A path that an archive or a request names, joined to a folder without a look at it. */
function outside(file: LintFile, site: Site): ReturnType<SiteCheck> {
  const args = detailOf(file, site);
  const archive =
    FROM_ARCHIVE.test(args) &&
    mentions(file, ARCHIVE) &&
    !mentions(file, /\bread_dir\b|\bWalkDir\b|\bDirEntry\b/);
  if ((!archive && !FROM_REQUEST.test(args)) || LOOKED_AT.test(functionText(file, site))) return null;
  if (isCommented(file.text, site)) return null;
  return {
    rule: 'path-traversal',
    ...firstLine(file, site),
    title: archive ? 'path from an archive joined unchecked' : 'path from a request joined unchecked',
    message:
      'A name with `..` in it, or an absolute one, leaves the folder: what is read or written then is the sender’s choice.',
    suggestion:
      'Refuse names whose components are not all `Normal`; for zip use `enclosed_name`, for tar `unpack_in`.',
  };
}

export const fileChecks: SiteChecks = {
  calls: { set_mode: worldWritable, from_mode: worldWritable, mode: worldWritable, join: joined },
  kinds: { string: fixedTemporary },
};
