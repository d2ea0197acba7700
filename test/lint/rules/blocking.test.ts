import { describe, it } from 'vitest';
import { check } from '../support.ts';

const fires = (source: string): void => check('blocking-in-async', source);

describe('blocking-in-async', () => {
  it('fires on calls of the standard library', () => {
    fires(`use std::{fs, io, thread};
use std::fs::File;
use std::net::TcpStream;
use std::process::Command;
async fn f() -> io::Result<()> {
    thread::sleep(D); //~ medium
    std::thread::sleep(D); //~
    let a = std::fs::read_to_string("a")?; //~
    let b = fs::read("b")?; //~
    let c = File::open("c")?; //~
    let d = TcpStream::connect("d:1")?; //~
    let e = std::net::TcpStream::connect(addr)?; //~
    let g = Command::new("ls").arg("-l").output()?; //~
    let h = std::process::Command::new("ls").status(); //~
    let i = reqwest::blocking::get("https://a.b/")?; //~
    let j = futures::executor::block_on(g()); //~
    Handle::current().block_on(g()); //~
    Ok(())
}`);
    fires(`use std::thread::sleep;
async fn f() { sleep(D); } //~`);
  });

  it('fires in async blocks and closures, and methods', () => {
    fires(`fn f() {
    std::thread::sleep(D);
    spawn(async move {
        std::thread::sleep(D); //~
    });
    let g = async || std::thread::sleep(D); //~
    let h = async move |x: u8| { std::fs::read(x) }; //~
}
impl A {
    pub async fn g(&self) {
        if x { match y { _ => { std::thread::sleep(D) } } } //~
    }
}`);
  });

  it('is silent where the call runs elsewhere', () => {
    fires(`use std::fs;
async fn f() {
    spawn_blocking(move || fs::read("a")).await;
    tokio::task::spawn_blocking(|| {
        std::thread::sleep(D);
    });
    std::thread::spawn(|| std::thread::sleep(D));
    block_in_place(|| fs::read("a"));
    fn inner() { std::thread::sleep(D); }
}
fn g() { std::thread::sleep(D); let a = async { 1 }; }`);
  });

  it('is silent on the runtime’s own calls', () => {
    fires(`use tokio::{fs, time::sleep, process::Command, net::TcpStream};
use tokio::fs::File;
async fn f() {
    sleep(D).await;
    tokio::time::sleep(D).await;
    fs::read("a").await?;
    File::open("b").await?;
    Command::new("ls").output().await?;
    TcpStream::connect("a:1").await?;
    client.get("https://a.b/").send().await?;
    reqwest::get("https://a.b/").await?;
}`);
    fires(`use tokio::fs;
async fn f() { let later = fs::read("a"); later.await; }`);
  });

  it('is silent on words, in tests, and on names of the file’s own', () => {
    fires(`async fn f() {
    // std::thread::sleep(D);
    let s = "std::thread::sleep(D)";
    sleep(D);
    fs::read("a");
    Command::new("ls").output();
    map.get(1);
    cat.sleep();
}
#[cfg(test)]
mod tests {
    async fn f() { std::thread::sleep(D); }
}`);
  });
});
