import type { InTests, RuleInfo } from '../../src/lint/rule.ts';
import { cweAddress, precisionOf } from '../../src/lint/words.ts';
import { printable } from '../../src/util/printable.ts';

const HEAD = `# Rules of the local analyser

What \`rustassistant analyze\` finds without a key and without a network, by the syntax of each file alone. A rule
speaks at the severity given here unless a place is milder or worse, as its text says, or the configuration sets
another: then that one holds wherever the rule speaks.

**Library code** is what others link: not tests, examples, benches, build scripts or binaries. **Test code** is all in
\`tests/\`, \`examples/\`, \`benches/\` and \`fuzz/\`, items under \`#[cfg(test)]\` or \`#[test]\`, and modules named after tests.
Security rules speak there too, at \`low\` at most, since tests are read and copied, but do not ship.
**Generated code** says so in a comment at its top (\`@generated\`, \`DO NOT EDIT\`), or has a line of over 20,000
characters.

## Silencing a rule

\`\`\`rust
// rustassistant:allow(unwrap-in-library) the list is never empty: see \`new\`
let first = list.first().unwrap();
\`\`\`

The comment speaks for the line that it ends, for the statement or the item below it, and as \`//!\` for the file or
module that it opens. It may name several rules. What it silences stays in the report with its reason, and counts
neither for scores nor for \`--fail-on\`. In \`config.toml\` or \`.rustassistant.toml\`:

\`\`\`toml
[rules]
unwrap-in-library = "off"   # or a severity: info, low, medium, high, critical
\`\`\`

## How far to trust a rule

**Precision** is the share of findings that were right among samples drawn at random over Debian's Rust packages
([corpus.md](corpus.md)) and judged by reading the code around them: right is one whose claim holds at that place, not
one that must be acted on. A second reader judged five of each again without knowing the first verdict; both
agreed on 159 of 182, least on what a crate says in another file. The samples with their verdicts stand in
\`test/lint/judged/\`. Each rule's two examples are run by the tests.
`;

/** Lines of an example that are shown. */
const LONGEST = 20;

const IN_TESTS: Readonly<Record<InTests, string>> = {
  same: 'as elsewhere',
  lower: '`low` at most',
  silent: 'silent',
};

/** `docs/rules.md`, from the table of rules. */
export function rulesPage(rules: readonly RuleInfo[]): string {
  const rows = rules.map(
    (rule) =>
      `| [${rule.id}](#${rule.id}) | ${rule.severity} | ${rule.category} | ${rule.cwe ?? ''} | ${rule.title} | ${precisionOf(rule)} |`,
  );
  const table = [
    '| rule | severity | category | CWE | finds | precision |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
  return [HEAD.trimEnd(), '## All rules', table, ...rules.map(section)].join('\n\n') + '\n';
}

function section(rule: RuleInfo): string {
  const { id, severity, category, cwe, what, why, mend, libraryOnly, inTests, inGenerated } = rule;
  const where = libraryOnly ? 'library code only' : `in tests ${IN_TESTS[inTests]}`;
  const generated = inGenerated ? '' : ', not in generated code';
  const weakness = cwe === null ? '' : `, [CWE-${cwe}](${cweAddress(cwe)})`;
  return `## ${id}

${severity}, ${category}${weakness}, ${where}${generated}; precision: ${precisionOf(rule)}

${what}

**Why:** ${why}

**Mend:** ${mend}

It fires here:

${code(rule.fires)}

and not here:

${code(rule.silent)}`;
}

/** An example as a block; one that is long by nature is cut. */
function code(example: string): string {
  const lines = example.split('\n').map(printable);
  const shown = lines.length <= LONGEST ? lines : [...lines.slice(0, 4), '    // … and so on'];
  return ['```rust', ...shown, '```'].join('\n');
}
