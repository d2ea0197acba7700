/** Clauses of a contract, as the documentation of unsafe functions and traits states them. */

const HEADING = /^\s{0,3}#{1,6}\s+(.*)$/;
const SAFETY = /^(?:\W*)(?:safety|unsafety|soundness)\b/i;
const FENCE = /^\s*(?:```|~~~)/;
const BULLET = /^(\s*)(?:[-*+]|\d{1,2}[.)])\s+(.*)$/;
const OBLIGES =
  /\b(?:must|should|shall|needs?|requires?|required|ensur\w+|guarante\w+|never|cannot|responsib\w+|callers?|uphold|up to you|promise|neither)\b/i;
const ASIDE =
  /^\W*(?:for (?:example|instance)|e\.g|the only|this means|violating|the compiler|however|see|as with)\b|\binstead\b\W*$/i;
const LINK = /^\s*\[[^\]]+\]:\s/;
const MAX_CLAUSES = 30;
const MAX_CLAUSE = 600;
/** A documentation longer than this is read up to here. */
const MAX_DOC = 40_000;

/**
 * The requirements that a documentation's `# Safety` section states: its list items, and the sentences
 * around them that oblige someone. Null where it has no such section.
 */
export function clausesOf(doc: string): readonly string[] | null {
  const section = safetySection(doc.slice(0, MAX_DOC));
  if (section === null) return null;
  const { items, prose } = blocksOf(section);
  const sentences = prose.flatMap(sentencesOf);
  const obliging = sentences.filter(
    (sentence) => OBLIGES.test(sentence) && !ASIDE.test(sentence) && !sentence.endsWith(':'),
  );
  const clauses = [...items, ...obliging].map(plain).filter((clause) => /\p{L}/u.test(clause));
  if (clauses.length > 0) return clauses.slice(0, MAX_CLAUSES);
  const whole = plain(sentences.join(' '));
  return whole === '' ? null : [whole];
}

function safetySection(doc: string): string[] | null {
  const section: string[] = [];
  let inside = false;
  let found = false;
  let fenced = false;
  for (const line of doc.split(/\r?\n/)) {
    if (FENCE.test(line)) {
      fenced = !fenced;
      continue;
    }
    if (fenced || LINK.test(line)) continue;
    const heading = HEADING.exec(line)?.[1];
    if (heading !== undefined) {
      inside = SAFETY.test(heading);
      found ||= inside;
    } else if (inside) section.push(line);
    else if (!found && /^\s*\**safety\**:/i.test(line)) {
      // `Safety: …` at the beginning of a paragraph, without a heading.
      found = inside = true;
      section.push(line.replace(/^\s*\**safety\**:\**\s*/i, ''));
    }
  }
  return found ? section : null;
}

/** List items, with what is nested in them, and the paragraphs between. */
function blocksOf(lines: readonly string[]): { readonly items: string[]; readonly prose: string[] } {
  const items: string[] = [];
  const prose: string[] = [];
  let block: string[] = [];
  let indent: number | null = null;
  const close = (): void => {
    if (block.length > 0) (indent === null ? prose : items).push(block.join(' '));
    block = [];
  };
  let blank = false;
  for (const line of lines) {
    const bullet = BULLET.exec(line);
    if (line.trim() === '') {
      blank = true;
      if (indent === null) close();
      continue;
    }
    const depth = line.length - line.trimStart().length;
    if (bullet !== null && (indent === null || depth <= indent + 1)) {
      close();
      indent = depth;
      block.push(bullet[2] as string);
    } else {
      if (blank && indent !== null && depth <= indent) {
        close();
        indent = null;
      }
      block.push((bullet?.[2] ?? line).trim());
    }
    blank = false;
  }
  close();
  return { items, prose };
}

function sentencesOf(paragraph: string): string[] {
  return paragraph.split(/(?<=[.!?:])\s+(?=[\p{Lu}`[(*])/u);
}

/** Markdown's links and emphasis as their text, on one line. */
function plain(text: string): string {
  const bare = text
    .replace(/!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?/g, '$1')
    .replace(/\*\*|__/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return bare.length <= MAX_CLAUSE ? bare : `${bare.slice(0, MAX_CLAUSE - 1)}…`;
}
