import { rule } from './row.ts';
import type { RuleInfo } from '../rule.ts';

export const security: readonly RuleInfo[] = [
  rule('hardcoded-secret', 'high', 'security', 'secret in the source', {
    what: 'Private keys, tokens in the published forms of some forty issuers, JSON web tokens, passwords in addresses, and values assigned to names such as `password` or `api_key` that are no placeholders. Keys of cloud, code and model providers are `critical` in code that ships. In tests and documentation an issuer’s token is told of alone: passwords and private keys there are made up. In other comments they are `low`. The finding never repeats the secret.',
    why: 'Everyone who can read the repository, its history or a copy can use it.',
    mend: 'Revoke it at its issuer; read the new one from the environment or a secret store.',
    cwe: 798,
    fires: 'const DATABASE_PASSWORD: &str = "kT9vmq2Lx7Bd";',
    silent: `fn database_password() -> Result<String, VarError> {
    std::env::var("DATABASE_PASSWORD")
}`,
  }),
  rule('shell-injection', 'high', 'security', 'shell command from parts', {
    what: 'A shell (`sh`, `bash`, `cmd`, `powershell` …) started with `-c` or `/C` and a text that is neither a literal nor made of literals alone; `medium` where the text is a plain variable. A comment that speaks of the shell silences it.',
    why: 'The shell interprets quotes, `;` and `$( )` in any part: whoever controls one runs commands.',
    mend: 'Start the program itself and pass each value by `.arg(…)`.',
    cwe: 78,
    precision: { right: 8, judged: 9 },
    fires: `fn archive(folder: &str) -> std::io::Result<Output> {
    Command::new("sh").arg("-c").arg(format!("tar cf out.tar {folder}")).output()
}`,
    silent: `fn archive(folder: &str) -> std::io::Result<Output> {
    Command::new("tar").args(["cf", "out.tar", folder]).output()
}`,
  }),
  rule('sql-injection', 'high', 'security', 'SQL statement from parts', {
    what: 'A statement in `format!`, `write!` or joined by `+` with something put in. `high` where a value stands, `medium` where a name stands and the text goes straight to a query, else `low`. Constants, placeholder lists, numbers and quoted identifiers are left out.',
    why: 'A quote in the value rewrites the statement.',
    mend: 'Keep the text fixed and bind values; take names from a fixed list.',
    cwe: 89,
    fires: `fn find(connection: &Connection, name: &str) -> Result<Row> {
    connection.query(&format!("SELECT * FROM users WHERE name = '{name}'"), [])
}`,
    silent: `fn find(connection: &Connection, name: &str) -> Result<Row> {
    connection.query("SELECT * FROM users WHERE name = ?1", [name])
}`,
  }),
  rule('tls-verification-off', 'medium', 'security', 'TLS verification off', {
    cwe: 295,
    what: '`danger_accept_invalid_certs(true)` and its like, OpenSSL’s `SslVerifyMode::NONE`, and a rustls verifier whose whole body is `Ok(ServerCertVerified::assertion())`. A switch that the user sets, a server that asks its clients for no certificate, tests and benches are left out. `medium`, since a switch may stand in another file, where it is not seen.',
    why: 'Whoever sits between the two ends reads and changes everything.',
    mend: 'Add the certificate that is meant as a root.',
    precision: { right: 5, judged: 5 },
    fires: `fn client() -> reqwest::Result<Client> {
    Client::builder().danger_accept_invalid_certs(true).build()
}`,
    silent: `fn client(root: Certificate) -> reqwest::Result<Client> {
    Client::builder().add_root_certificate(root).build()
}`,
  }),
  rule('weak-hash', 'low', 'security', 'broken hash function', {
    cwe: 328,
    what: 'MD4, MD5 or SHA-1, `medium` where the function speaks of passwords, signatures, tokens or certificates. Left out: protocols that fix the hash (WebSocket, UUID, git, BitTorrent, database log-ins …), tables of algorithms and the hash’s own module, checksums and caches by their names, places with a comment.',
    why: 'Two inputs of one hash can be made by anyone for a few dollars.',
    mend: 'Use SHA-256 or BLAKE3, for passwords Argon2.',
    inTests: 'silent',
    fires: `fn identify(document: &[u8]) -> Vec<u8> {
    Sha1::digest(document).to_vec()
}`,
    silent: `fn identify(document: &[u8]) -> Vec<u8> {
    Sha256::digest(document).to_vec()
}`,
  }),
  rule('secret-comparison', 'medium', 'security', 'secret compared byte by byte', {
    cwe: 208,
    what: 'A value that is a MAC, password, key or token by its name, compared with another value by `==` or `!=`. Assertions, comparisons with literals and constants, lengths, a new password and its repetition, and comments are left out.',
    why: 'The comparison ends at the first difference: its time tells how much of a guess was right.',
    mend: 'Use `subtle::ConstantTimeEq`, `ring::constant_time`, or the library’s own `verify`.',
    inTests: 'silent',
    fires: `fn accepts(expected_mac: &[u8], received: &[u8]) -> bool {
    expected_mac == received
}`,
    silent: `fn accepts(expected_mac: &[u8], received: &[u8]) -> bool {
    expected_mac.ct_eq(received).into()
}`,
  }),
  rule('weak-randomness', 'high', 'security', 'secret from a generator that can be guessed', {
    cwe: 338,
    what: '`fastrand`, `SmallRng`, `seed_from_u64`, xorshift, xoshiro, PCG or WyRand in a function that by its name makes a token, password, key, nonce or salt, or in the value of a variable of such a name.',
    why: 'A few outputs, or the seed, tell all that follow.',
    mend: 'Use `getrandom` or `OsRng`.',
    inTests: 'silent',
    fires: `fn generate_token() -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(32).collect()
}`,
    silent: `fn generate_token() -> Result<[u8; 32], getrandom::Error> {
    let mut token = [0; 32];
    getrandom::fill(&mut token)?;
    Ok(token)
}`,
  }),
  rule('world-writable', 'medium', 'security', 'file that everyone may write', {
    cwe: 732,
    what: '`set_mode`, `from_mode` or `mode` with an octal literal that lets others write, without the sticky bit. Places with a comment are left out.',
    why: 'Every account of the machine may change what others run or trust.',
    mend: 'Use `0o600` or `0o644` for files, `0o700` or `0o755` for folders and programs.',
    inTests: 'silent',
    precision: { right: 2, judged: 2 },
    fires: `fn share(path: &Path) -> std::io::Result<()> {
    std::fs::set_permissions(path, Permissions::from_mode(0o777))
}`,
    silent: `fn share(path: &Path) -> std::io::Result<()> {
    std::fs::set_permissions(path, Permissions::from_mode(0o755))
}`,
  }),
  rule('predictable-temp-path', 'medium', 'security', 'temporary file at a foretold place', {
    cwe: 377,
    what: 'A file, folder or socket made at a literal path below `/tmp`; `low` for `temp_dir().join(…)` with a literal or the process id. Places with a comment are left out.',
    why: 'Another account may have put a link there, and the program writes where it leads.',
    mend: 'Use the `tempfile` crate.',
    inTests: 'silent',
    precision: { right: 2, judged: 2 },
    fires: `fn save(text: &str) -> std::io::Result<()> {
    std::fs::write("/tmp/session.txt", text)
}`,
    silent: `fn save(text: &str) -> std::io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new()?;
    file.write_all(text.as_bytes())?;
    Ok(file)
}`,
  }),
  rule('path-traversal', 'medium', 'security', 'foreign path joined unchecked', {
    cwe: 22,
    what: '`.join(…)` of the name of an archive’s entry or of an upload, or of a request’s parameter, in a function that looks at no component of it.',
    why: 'A name with `..` in it, or an absolute one, leaves the folder.',
    mend: 'Refuse names whose components are not all `Normal`; `enclosed_name` (zip) and `unpack_in` (tar) do.',
    inTests: 'silent',
    fires: `fn extract(archive: &mut ZipArchive<File>, folder: &Path) -> ZipResult<()> {
    let mut file = archive.by_index(0)?;
    let target = folder.join(file.name());
    std::io::copy(&mut file, &mut File::create(target)?)?;
    Ok(())
}`,
    silent: `fn extract(archive: &mut ZipArchive<File>, folder: &Path) -> ZipResult<()> {
    let mut file = archive.by_index(0)?;
    let Some(name) = file.enclosed_name() else { return Ok(()) };
    std::io::copy(&mut file, &mut File::create(folder.join(name))?)?;
    Ok(())
}`,
  }),
];
