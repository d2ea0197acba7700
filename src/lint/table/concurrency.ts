import { rule } from './row.ts';
import type { RuleInfo } from '../rule.ts';

export const concurrency: readonly RuleInfo[] = [
  rule('lock-across-await', 'high', 'concurrency', 'lock guard held across .await', {
    what: 'A guard from `.lock()`, `.read()`, `.write()` or `.borrow_mut()` that is not itself awaited and lives to see an `.await`: bound by `let` in the same or an inner block with no `drop(guard)` (or move into a call) before, or a temporary in the awaited expression or in the head of a `match`, `if let`, `while let` or `for`. Guards of async mutexes (`.lock().await`) are made for this and are left out.',
    why: 'A waiting task keeps the lock; the threads that want it stop, and where one of them must run for the wait to end, the program stands still.',
    mend: 'End the guard’s scope before the `.await`, or use an async mutex.',
    cwe: 833,
    precision: { right: 25, judged: 25 },
    fires: `async fn refresh(cache: &Mutex<Cache>) {
    let mut cache = cache.lock().unwrap();
    cache.entries = fetch().await;
}`,
    silent: `async fn refresh(cache: &Mutex<Cache>) {
    let entries = fetch().await;
    cache.lock().unwrap().entries = entries;
}`,
  }),
  rule('blocking-in-async', 'medium', 'concurrency', 'blocking call in async code', {
    what: '`std::thread::sleep`, `std::fs`, `TcpStream::connect` of `std::net`, `reqwest::blocking`, `block_on`, `output`/`status` of a `std::process::Command` in an `async fn` or async block. Code in a closure is left out: it may run elsewhere (`spawn_blocking`).',
    why: 'An executor has few threads, and each runs many tasks; while one blocks, none of its tasks moves.',
    mend: 'Use the runtime’s own call, or `spawn_blocking`.',
    inTests: 'silent',
    fires: `async fn settings() -> std::io::Result<String> {
    std::fs::read_to_string("settings.toml")
}`,
    silent: `async fn settings() -> std::io::Result<String> {
    tokio::fs::read_to_string("settings.toml").await
}`,
  }),
  rule('borrow-across-callback', 'medium', 'concurrency', 'RefCell borrowed while foreign code runs', {
    what: '`let x = ….borrow_mut()` with a callback (a field called in parentheses, a parameter of an `Fn` type, a variable named so) called before the borrow ends; `low` where the callback is handed what is borrowed, as a `with_…` function is made for. A `# Panics` section silences it.',
    why: 'A callback that comes back to the same cell makes `borrow` panic, far from here and only with some users.',
    mend: 'Take out what is needed, end the borrow, then call.',
    inTests: 'silent',
    inGenerated: false,
    precision: { right: 19, judged: 22 },
    fires: `fn notify(&self, event: Event) {
    let mut state = self.state.borrow_mut();
    state.count += 1;
    (self.listener)(event);
}`,
    silent: `fn notify(&self, event: Event) {
    self.state.borrow_mut().count += 1;
    (self.listener)(event);
}`,
  }),
  rule('unbounded-channel', 'low', 'concurrency', 'unbounded channel', {
    cwe: 770,
    what: '`unbounded_channel()`, `unbounded()` of crossbeam, flume, async-channel or futures, and `mpsc::channel()` of the standard library, which has no bound either. Left out: a receiver that the same function empties (one message a thread, question and answer), functions that name a limit or a semaphore, functions named after a channel, whose caller chooses, and places with a comment.',
    why: 'A sender that is faster than its receiver fills the memory; the process ends far from the cause.',
    mend: 'Use a bounded channel, or say in a comment what bounds the number of messages.',
    inTests: 'silent',
    inGenerated: false,
    precision: { right: 22, judged: 25 },
    fires: `use std::sync::mpsc;
fn start() {
    let (sender, receiver) = mpsc::channel::<Event>();
    run(sender, receiver);
}`,
    silent: `use std::sync::mpsc;
fn start() {
    let (sender, receiver) = mpsc::sync_channel::<Event>(64);
    run(sender, receiver);
}`,
  }),
];
