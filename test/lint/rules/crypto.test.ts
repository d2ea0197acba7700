import { describe, it } from 'vitest';
import { check } from '../support.ts';

describe('tls-verification-off', () => {
  it('fires', () => {
    check(
      'tls-verification-off',
      `fn f() {
    Client::builder()
        .danger_accept_invalid_certs(true) //~ medium
        .danger_accept_invalid_hostnames(true); //~
    connector.set_verify(SslVerifyMode::NONE); //~
    easy.ssl_verify_peer(false)?; //~
}
impl ServerCertVerifier for Any {
    fn verify_server_cert(&self, end: &Certificate) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion()) //~
    }
}
#[test]
fn g() { Client::builder().danger_accept_invalid_certs(true); }`,
    );
    check('tls-verification-off', 'fn f() { builder.danger_accept_invalid_certs(true); } //~ low', {
      ...{ role: 'example', path: 'examples/get.rs' },
    });
  });

  it('is silent on a user’s choice and on verifiers that look', () => {
    check(
      'tls-verification-off',
      `fn f(insecure: bool) {
    builder.danger_accept_invalid_certs(insecure);
    builder.danger_accept_invalid_certs(false);
    connector.set_verify(SslVerifyMode::PEER);
    easy.ssl_verify_peer(true)?;
}
impl ServerCertVerifier for Pinned {
    fn verify_server_cert(&self, end: &Certificate) -> Result<ServerCertVerified, Error> {
        if end != self.pinned { return Err(Error::General); }
        Ok(ServerCertVerified::assertion())
    }
}`,
    );
  });
});

describe('weak-hash', () => {
  it('fires, louder where something is guarded', () => {
    check(
      'weak-hash',
      `fn identify(d: &[u8]) { Sha1::digest(d); } //~ low
fn sign_request(d: &[u8]) { let mut h = Md5::new(); } //~ medium
fn f(d: &[u8]) { md5::compute(d); } //~
fn g() { MessageDigest::sha1(); } //~`,
    );
  });

  it('is silent on protocols and on what needs no resistance', () => {
    check(
      'weak-hash',
      `fn accept_key(d: &[u8]) { Sha1::digest(d); }
fn etag(d: &[u8]) { md5::compute(d); }
fn f(d: &[u8]) {
    // RFC 3174 fixes the hash.
    Sha1::digest(d);
}
fn g(d: &[u8]) { Sha256::digest(d); Shape::new(); }`,
    );
  });
});

describe('secret-comparison', () => {
  it('fires', () => {
    check(
      'secret-comparison',
      `fn f(expected_mac: &[u8], got: &[u8]) -> bool {
    expected_mac == got //~ medium
}
fn g(&self, given: &str) { if self.api_key != given { return; } } //~`,
    );
  });

  it('is silent on constants, lengths, comments and assertions', () => {
    check(
      'secret-comparison',
      `fn f(mac: &[u8], got: &[u8]) {
    if mac.len() == got.len() {}
    if self.password == "" {}
    if secret == None {}
    // mac == got
    assert!(mac == got);
    if bool::from(mac.ct_eq(got)) {}
    if signature == SIGNATURE_V1 {}
    if machine == got {}
}`,
    );
  });
});

describe('weak-randomness', () => {
  it('fires by the name of what is drawn', () => {
    check(
      'weak-randomness',
      `fn generate_token() -> u64 { fastrand::u64(..) } //~ high
fn f() { let salt = SmallRng::from_entropy().gen::<u64>(); } //~
fn g() { let index = fastrand::usize(..10); }
fn new_password() -> u64 { OsRng.next_u64() }
fn token_count() -> u64 { fastrand::u64(..) }`,
    );
  });
});
