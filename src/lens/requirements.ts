/** The requirements that an item's context lists, as they are written and as they are read back. */

/** A place of unsafe code within an item, with what it has to keep. */
export interface RequiredPlace {
  /** `unsafe block: ptr::read, *p`. */
  readonly place: string;
  readonly requirements: readonly { readonly path: string; readonly clause: string }[];
}

/** More of one item are not asked about: an answer to so many is not to be had. */
export const MAX_REQUIREMENTS = 40;
const MAX_LINE = 700;
const HEAD = '// requirements of the unsafe code in the item:';
const LINE = /^\[(\d+)\] (.*?): (.*)$/;

/** As a context shows them, numbered from 1; `''` where there are none. */
export function requirementsText(places: readonly RequiredPlace[]): string {
  const lines: string[] = [];
  let number = 0;
  for (const { place, requirements } of places) {
    if (requirements.length === 0 || number >= MAX_REQUIREMENTS) continue;
    lines.push(`// ${onLine(place)}`);
    for (const { path, clause } of requirements.slice(0, MAX_REQUIREMENTS - number)) {
      number += 1;
      lines.push(`[${number}] ${onLine(path).replaceAll(': ', ':')}: ${onLine(clause)}`);
    }
  }
  return lines.length === 0 ? '' : `${HEAD}\n${lines.join('\n')}\n`;
}

export interface Requirement {
  readonly number: number;
  readonly path: string;
  readonly clause: string;
}

/** Those of a context, in order. */
export function requirementsIn(context: string): Requirement[] {
  const at = headOf(context);
  if (at === -1) return [];
  return context
    .slice(at)
    .split('\n')
    .flatMap((line) => {
      const [, number, path = '', clause = ''] = LINE.exec(line) ?? [];
      return number === undefined ? [] : [{ number: Number(number), path, clause }];
    });
}

/** What stands before them. */
export function withoutRequirements(context: string): string {
  const at = headOf(context);
  return at === -1 ? context : context.slice(0, at);
}

/** The last head is ours: no other line of ours starts as it does, and what the file shows stands before. */
function headOf(context: string): number {
  return `\n${context}`.lastIndexOf(`\n${HEAD}\n`);
}

function onLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_LINE);
}
