import { rule } from './row.ts';
import type { RuleInfo } from '../rule.ts';

export const maintainability: readonly RuleInfo[] = [
  rule('long-function', 'low', 'maintainability', 'long function', {
    what: 'A function of more than 100 lines. Tests and generated code are left out.',
    why: 'What does not fit on two screens is read in parts and changed by guess.',
    mend: 'Split it where its comments announce a new part.',
    inTests: 'silent',
    inGenerated: false,
    fires: `fn run() {\n${'    step();\n'.repeat(100)}}`,
    silent: `fn run(plan: &Plan) -> Outcome {
    let input = read(plan);
    let parts = split(&input);
    merge(parts)
}`,
  }),
  rule('complex-function', 'medium', 'maintainability', 'complex function', {
    what: 'A function of cognitive complexity (SonarSource’s definition) above 25; `low` up to 50. Tests and generated code are left out.',
    why: 'Nested and mixed control flow is where paths go untested.',
    mend: 'Return early; give inner loops and branches functions with names.',
    inTests: 'silent',
    inGenerated: false,
    cwe: 1121,
    fires: `fn first_even(table: &[Vec<u32>]) -> Option<u32> {
    ${'for row in table { if row.is_empty() { continue; } '.repeat(7)}${'}'.repeat(7)}
    None
}`,
    silent: `fn first_even(table: &[Vec<u32>]) -> Option<u32> {
    table.iter().flatten().copied().find(|cell| cell % 2 == 0)
}`,
  }),
  rule('too-many-parameters', 'low', 'maintainability', 'many parameters', {
    what: 'A function of more than 7 parameters. Methods of trait impls and functions for C take what they must; tests and generated code are left out.',
    why: 'Arguments of one type change places unseen.',
    mend: 'Gather those that travel together in a struct.',
    inTests: 'silent',
    inGenerated: false,
    fires: 'fn draw(x: u32, y: u32, width: u32, height: u32, red: u8, green: u8, blue: u8, alpha: u8) {}',
    silent: 'fn draw(area: Area, colour: Colour) {}',
  }),
];
