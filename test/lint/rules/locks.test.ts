import { describe, expect, it } from 'vitest';
import { check, ofRule } from '../support.ts';

const inFn = (body: string): string =>
  `async fn f(m: &Mutex<Vec<u8>>, rw: &RwLock<u8>, c: &RefCell<u8>) {\n${body}\n}`;
const fires = (body: string): void => check('lock-across-await', inFn(body));

describe('lock-across-await: a bound guard', () => {
  it('fires', () => {
    fires(`let g = m.lock().unwrap(); //~ high
g.push(1);
tick().await;`);
    fires(`let mut g = m.lock().expect("poisoned"); //~
tick().await;`);
    fires(`let g = self.state.rw.read().unwrap(); //~
tick(g.len()).await;`);
    fires(`let g = rw.write()?; //~
for x in y { tick(x).await; }`);
    fires(`let g = c.borrow_mut(); //~
tick().await;`);
    fires(`let g = m.lock().unwrap_or_else(|e| e.into_inner()); //~
tick().await;`);
    fires(`let Ok(g) = m.lock() else { return }; //~
tick().await;`);
    fires(`let g = Mutex::lock(&m).unwrap(); //~
tick().await;`);
    fires(`let g: MutexGuard<'_, u8> = self.guard(); //~
tick().await;`);
    fires(`let g = parking.lock(); //~
if x { tick().await; }`);
    fires(
      `let g = m // the state
    .lock() //~ high
    .unwrap();
tick().await;`
        .replace('let g = m // the state', 'let g = m //~ high')
        .replace('.lock() //~ high', '.lock()'),
    );
  });

  it('fires in async blocks and closures, and in the block of the guard', () => {
    check(
      'lock-across-await',
      `fn f(m: Arc<Mutex<u8>>) {
    spawn(async move {
        let g = m.lock().unwrap(); //~
        tick().await;
    });
    let h = async |x| {
        if x {
            let g = m.lock().unwrap(); //~
            tick().await;
        }
    };
}`,
    );
  });

  it('fires where the drop is on another path, or too late', () => {
    fires(`let g = m.lock().unwrap(); //~
if empty {
    drop(g);
    return;
}
tick().await;`);
    fires(`let g = m.lock().unwrap(); //~
tick().await;
drop(g);`);
    fires(`let g = m.lock().unwrap(); //~
drop(other);
// drop(g);
let s = "drop(g)";
tick().await;`);
    fires(`let g = m.lock().unwrap(); //~
let h = || drop(g);
tick().await;`);
  });

  it('names the guard and the wait', () => {
    const [finding] = ofRule('lock-across-await', inFn('let guard = m.lock().unwrap();\nsend(1).await;'));
    expect(finding?.title).toBe('lock guard `guard` held across .await');
    expect(finding?.message).toContain('`send(1).await`');
    expect(finding?.quote).toBe('let guard = m.lock().unwrap();');
    expect(finding?.item).toBe('f');
  });

  it('is silent where the guard ends before', () => {
    fires(`let g = m.lock().unwrap();
g.push(1);
drop(g);
tick().await;`);
    fires(`let g = m.lock().unwrap();
std::mem::drop(g);
tick().await;`);
    fires(`{
    let g = m.lock().unwrap();
    g.push(1);
}
tick().await;`);
    fires(`let n = { let g = m.lock().unwrap(); g.len() };
tick(n).await;`);
    fires(`let n = m.lock().unwrap().len();
tick(n).await;`);
    fires(`let n = *m.lock().unwrap();
tick(n).await;`);
    fires(`let _ = m.lock().unwrap();
tick().await;`);
    fires(`let g = m.lock().unwrap();
let h = condvar.wait(g);
tick().await;`);
    fires(`tick().await;
let g = m.lock().unwrap();
g.push(1);`);
    fires(`if x {
    let g = m.lock().unwrap();
    drop(g);
    tick().await;
}`);
  });

  it('is silent on async locks and on what is no lock', () => {
    fires(`let g = m.lock().await;
tick().await;`);
    fires(`let g = rw.write().await;
tick().await;`);
    fires(`let f = m.lock();
let g = f.await;
tick().await;`);
    check(
      'lock-across-await',
      `use tokio::sync::Mutex;
async fn f() {
    let a = self.a.lock();
    let b = self.b.lock();
    join(a, b).await;
}`,
    );
    fires(
      `let n = file.read().map(|n| n);
let b = buffer.read();
tick(n).await;`.replaceAll('RwLock', 'X'),
    );
    fires(`let locked = door.is_locked();
let text = "m.lock().unwrap()";
tick().await;`);
  });

  it('is silent where another task or thread does the waiting', () => {
    fires(`let g = m.lock().unwrap();
let task = async { tick().await };
spawn(task);`);
    check('lock-across-await', 'fn f(m: &Mutex<u8>) { let g = m.lock().unwrap(); g.push(1); }');
  });

  it('is low in tests', () => {
    check(
      'lock-across-await',
      `#[tokio::test]
async fn works() {
    let g = m.lock().unwrap(); //~ low
    tick().await;
}`,
    );
  });
});

describe('lock-across-await: a guard that no one bound', () => {
  it('fires in the head of match, if let, while let, for', () => {
    fires(`match m.lock().unwrap().pop() { //~ high
    Some(x) => tick(x).await,
    None => {}
}`);
    fires(`if let Some(x) = m.lock().unwrap().pop() { //~
    tick(x).await;
}`);
    fires(`while let Some(x) = m.lock().unwrap().pop() { //~
    tick(x).await;
}`);
    fires(`for x in m.lock().unwrap().drain(..) { //~
    tick(x).await;
}`);
  });

  it('fires in the awaited expression', () => {
    fires('tick(m.lock().unwrap().len()).await; //~');
    fires('self.tx.lock().unwrap().send(1).await; //~');
    fires('let x = tick(rw.read().unwrap().clone()).await; //~');
    check('lock-across-await', 'use parking_lot::Mutex;\nasync fn f() { tick(m.lock().len()).await } //~');
  });

  it('is silent where the guard is gone, or the wait is elsewhere', () => {
    fires(`if m.lock().unwrap().is_empty() {
    tick().await;
}`);
    fires(`match m.lock().unwrap().pop() {
    Some(x) => {}
    None => {}
}
tick().await;`);
    fires(`match { let x = m.lock().unwrap().pop(); x } {
    Some(x) => tick(x).await,
    None => {}
}`);
    fires('tick({ let n = m.lock().unwrap().len(); n }).await;');
    fires('run(|| m.lock().unwrap().len()).await;');
    fires('m.lock().await.send(1).await;');
    fires('self.store.lock().lock().await.push(1);');
    fires('traced("pool", m.lock()).await.push(1);');
    fires(`if let Some(x) = m.lock().unwrap().pop() {
    spawn(async move { tick(x).await });
}`);
    fires('stream.read().await; stream.write().await;');
  });
});
