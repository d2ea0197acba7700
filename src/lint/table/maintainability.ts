import { rule } from './row.ts';
import type { RuleInfo } from '../rule.ts';

export const maintainability: readonly RuleInfo[] = [
  rule('long-function', 'low', 'maintainability', 'long function', {
    precision: { right: 22, judged: 25 },
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
    precision: { right: 23, judged: 25 },
    what: 'A function of cognitive complexity (SonarSource’s definition) above 25; `low` up to 50. Tests and generated code are left out.',
    why: 'Nested and mixed control flow is where paths go untested.',
    mend: 'Return early; give inner loops and branches functions with names.',
    inTests: 'silent',
    inGenerated: false,
    cwe: 1120,
    fires: `fn first_even(table: &[Vec<u32>]) -> Option<u32> {
    ${'for row in table { if row.is_empty() { continue; } '.repeat(7)}${'}'.repeat(7)}
    None
}`,
    silent: `fn first_even(table: &[Vec<u32>]) -> Option<u32> {
    table.iter().flatten().copied().find(|cell| cell % 2 == 0)
}`,
  }),
  rule('too-many-parameters', 'low', 'maintainability', 'many parameters', {
    precision: { right: 23, judged: 25 },
    what: 'A function of more than 7 parameters. Methods of trait impls and functions for C take what they must; an `allow(too_many_arguments)` says that it is meant, names of one letter or with a number tell their order; tests and generated code are left out.',
    why: 'Arguments of one type change places unseen.',
    mend: 'Gather those that travel together in a struct.',
    inTests: 'silent',
    inGenerated: false,
    fires: 'fn draw(x: u32, y: u32, width: u32, height: u32, red: u8, green: u8, blue: u8, alpha: u8) {}',
    silent: 'fn draw(area: Area, colour: Colour) {}',
  }),
  rule('boolean-parameters', 'low', 'maintainability', 'three or more boolean parameters', {
    precision: { right: 23, judged: 25 },
    what: 'A function of three or more `bool` parameters; methods of trait impls and functions for C take what they must.',
    why: 'A call reads `true, false, true`; two that change places still compile.',
    mend: 'Give each choice an enum, or gather them in a struct of options.',
    inTests: 'silent',
    inGenerated: false,
    fires: 'pub fn render(text: &str, bold: bool, wide: bool, plain: bool) {}',
    silent: 'pub fn render(text: &str, style: Style) {}',
  }),
  rule('duplicate-match-arms', 'low', 'maintainability', 'match arm that repeats another', {
    precision: { right: 23, judged: 25 },
    cwe: 1041,
    what: 'Two arms of one `match` whose bodies, of 50 characters or more, are the same word for word, and whose patterns bind nothing. Arms with guards, attributes, comments (also a TODO in the body) or the pattern `_` are left out, and so are tables of more than 30 arms.',
    why: 'An edit of one of the two misses the other.',
    mend: 'Join the patterns with `|`, or give the body a function.',
    inTests: 'silent',
    inGenerated: false,
    fires: `fn step(&mut self, key: Key) {
    match key {
        Key::Up => self.select(self.selected.saturating_sub(1), Redraw::Whole),
        Key::K => self.select(self.selected.saturating_sub(1), Redraw::Whole),
        _ => self.wait(),
    }
}`,
    silent: `fn step(&mut self, key: Key) {
    match key {
        Key::Up | Key::K => self.select(self.selected.saturating_sub(1), Redraw::Whole),
        _ => self.wait(),
    }
}`,
  }),
  rule('test-without-assertion', 'low', 'maintainability', 'test that asserts nothing', {
    precision: { right: 22, judged: 25 },
    what: 'A `#[test]` function that makes a value and at most changes or prints it, and in which nothing can fail but by a panic of what it calls: no assertion, `unwrap`, `?`, macro of unknown effect, helper, type that must fit (`let x: T =`), result thrown away by `let _ =`, wait for another thread, comment, or name that says what is survived (`issue_12`, `no_panic`).',
    why: 'It passes with any result.',
    mend: 'Assert the result; where it is enough that nothing panics, say so.',
    inTests: 'same',
    fires: `#[test]
fn adds() {
    let sum = Sum::of(1, 2);
    println!("{sum}");
}`,
    silent: `#[test]
fn adds() {
    assert_eq!(add(1, 2), 3);
}`,
  }),
  rule('missing-docs', 'info', 'maintainability', 'public items without documentation', {
    precision: { right: 21, judged: 25 },
    what: 'One finding a library’s `lib.rs`: how many of its public items have no documentation, at the first of them. Hidden, deprecated and internal items (as a comment says), procedural macros, which another crate passes on and documents, bindings (as their names say) and what stands in private modules are left out; so are other files, which do not show whether their module is public.',
    why: 'Whoever uses them has to read their code.',
    mend: 'Write a sentence each; `#![warn(missing_docs)]` lists them.',
    libraryOnly: true,
    fires: 'pub struct Pool;',
    silent: `/// Connections that are open and not in use.
pub struct Pool;`,
  }),
];
