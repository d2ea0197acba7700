import type { InTests, RuleInfo } from '../../src/lint/rule.ts';

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
`;

const IN_TESTS: Readonly<Record<InTests, string>> = {
  same: 'as elsewhere',
  lower: '`low` at most',
  silent: 'silent',
};

/** \`docs/rules.md\`, from the table of rules. */
export function rulesPage(rules: readonly RuleInfo[]): string {
  const rows = rules.map(
    ({ id, severity, category, title }) => `| [${id}](#${id}) | ${severity} | ${category} | ${title} |`,
  );
  const table = ['| rule | severity | category | finds |', '| --- | --- | --- | --- |', ...rows].join('\n');
  return [HEAD.trimEnd(), '## All rules', table, ...rules.map(section)].join('\n\n') + '\n';
}

function section({
  id,
  severity,
  category,
  what,
  why,
  mend,
  libraryOnly,
  inTests,
  inGenerated,
}: RuleInfo): string {
  const where = libraryOnly ? 'library code only' : `in tests ${IN_TESTS[inTests]}`;
  const generated = inGenerated ? '' : ', not in generated code';
  return `## ${id}

${severity}, ${category}, ${where}${generated}

${what}

**Why:** ${why}

**Mend:** ${mend}`;
}
