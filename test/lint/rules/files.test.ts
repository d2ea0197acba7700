import { describe, it } from 'vitest';
import { check } from '../support.ts';

describe('world-writable', () => {
  it('fires where others may write', () => {
    check(
      'world-writable',
      `fn f() {
    permissions.set_mode(0o777); //~ medium
    Permissions::from_mode(0o666); //~
    OpenOptions::new().mode(0o0602).open(p); //~
    permissions.set_mode(0o755);
    permissions.set_mode(0o1777);
    permissions.set_mode(mode);
    // the socket is for everyone
    permissions.set_mode(0o777);
}`,
    );
  });
});

describe('predictable-temp-path', () => {
  it('fires where something is made there', () => {
    check(
      'predictable-temp-path',
      `fn f() {
    File::create("/tmp/session")?; //~ medium
    fs::write("/tmp/session", x)?; //~
    UnixListener::bind("/tmp/app.sock")?; //~
    let p = std::env::temp_dir().join("session"); //~ low
    let p = env::temp_dir().join(format!("x-{}", std::process::id())); //~ low
}`,
    );
  });

  it('is silent where it is read, named at random, or a test', () => {
    check(
      'predictable-temp-path',
      `fn f() {
    File::open("/tmp/session")?;
    let p = std::env::temp_dir().join(random_name());
    println!("/tmp/session");
    File::create("/var/session")?;
}
#[test]
fn t() { File::create("/tmp/session")?; }`,
    );
  });
});

describe('path-traversal', () => {
  it('fires on names from archives and requests', () => {
    check(
      'path-traversal',
      `use zip::ZipArchive;
fn f(folder: &Path) {
    let target = folder.join(file.name()); //~ medium
    let target = folder.join(&entry.path()?); //~
    let target = folder.join(params.name); //~
}`,
    );
  });

  it('is silent where the name is looked at, or a folder was listed', () => {
    check(
      'path-traversal',
      `use zip::ZipArchive;
fn f(folder: &Path) {
    let Some(name) = file.enclosed_name() else { return };
    let target = folder.join(file.name());
}
fn g(folder: &Path) { let p = folder.join("name"); }`,
    );
    check(
      'path-traversal',
      `fn f() { for entry in fs::read_dir(a)? { let p = folder.join(entry.file_name()); } } // unpacked archive`,
    );
  });
});
