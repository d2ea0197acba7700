import { describe, expect, it } from 'vitest';
import { check, ofRule } from '../support.ts';

describe('ignored-result', () => {
  it('fires where data or state is lost', () => {
    check(
      'ignored-result',
      `fn f() {
    let _ = file.sync_all(); //~ low
    let _ = w.flush(); //~
    let _ = std::fs::rename(a, b); //~
    let _ = tx.commit().await; //~
    let _: io::Result<()> = out.write_all(b"x"); //~
    file.sync_all().ok(); //~
    db.execute("x").await.ok(); //~
    serde_json::to_writer(w, &v).ok(); //~
}`,
    );
    expect(ofRule('ignored-result', 'fn f() { let _ = w.flush(); }')[0]?.title).toBe(
      'error of `flush` ignored',
    );
  });

  it('is silent where failure is commonly passed over, or explained', () => {
    check(
      'ignored-result',
      `fn f() {
    let _ = tx.send(1);
    let _ = handle.join();
    let _ = x;
    let _ = compute(x);
    let _guard = w.flush();
    // best effort: the terminal may be gone
    let _ = w.flush();
    let _ = w.flush(); // best effort
    let _ = std::io::stdout().flush();
    let _ = w.flush().map_err(log);
    tx.send(1).ok();
    dotenv().ok();
    env_logger::try_init().ok();
    update(pool).await.inspect_err(|e| warn!("{e}")).ok();
    let v = parse(x).ok();
    let w = x.sync_all().ok().unwrap_or(1);
    if y.flush().ok().is_some() {}
    let _ = std::fs::create_dir(path);
    client.try_enqueue(x).ok();
    client.remove_watch(x).ok();
    child_stdin.write_all(b"x").ok();
    // Without a status file there is nothing to load.
    let path = target.join("status");
    load_file(&path).ok();
}
fn g() -> Result<(), Error> {
    let mut packet = vec![];
    let _ = packet.write_all(b"x");
    let mut out = std::io::stdout().lock();
    out.flush().ok();
    file.sync_all().ok();
    Err(error)
}
fn copy_headers_best_effort() { let _ = std::fs::copy(a, b); }
impl Sink for A {
    fn flush(&self) { let _ = self.w.flush(); }
}
impl Drop for A {
    fn drop(&mut self) { let _ = self.w.flush(); }
}
#[cfg(test)]
mod tests { fn f() { let _ = w.flush(); w.flush().ok(); } }`,
    );
    check('ignored-result', 'fn f() { let _ = w.flush(); }', { path: 'src/file_logger.rs' });
    check('ignored-result', 'fn main() { probe("zlib").ok(); }', { role: 'build', path: 'build.rs' });
  });
});
