import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../src/util/secrets.ts';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ALNUM = `${UPPER}${UPPER.toLowerCase()}0123456789`;
const HEX = '0123456789abcdef';

/** Put together at run time: a scanner that reads this repository finds no token in it. */
function body(alphabet: string, length: number, seed = 1): string {
  let state = seed;
  let text = '';
  while (text.length < length) {
    state = (state * 1103515245 + 12345) % 2147483648;
    text += alphabet.charAt(Math.floor((state / 2147483648) * alphabet.length));
  }
  return text;
}

/** Kinds and texts of what is found. */
function found(text: string): string[] {
  return findSecrets(text).map(({ kind, start, end }) => `${kind}:${text.slice(start, end)}`);
}

const TOKENS: readonly (readonly [kind: string, token: string])[] = [
  ['aws-access-key-id', `AKIA${body(UPPER, 13)}234`],
  ['aws-access-key-id', `ASIA${body(`${UPPER}234567`, 16, 5)}`],
  ['github-token', `ghp_${body(ALNUM, 36)}`],
  ['github-token', `ghs_${body(ALNUM, 36, 2)}`],
  ['github-token', `github_pat_${body(ALNUM, 22)}_${body(ALNUM, 59, 3)}`],
  ['gitlab-token', `glpat-${body(ALNUM, 20)}`],
  ['gitlab-token', `glpat-${body(ALNUM, 30)}.01.${body(HEX, 9)}`],
  ['slack-token', `xoxb-${body('0123456789', 12)}-${body('0123456789', 12, 2)}-${body(ALNUM, 24)}`],
  ['stripe-key', `sk_live_${body(ALNUM, 24)}`],
  ['stripe-key', `rk_test_${body(ALNUM, 99)}`],
  ['openai-key', `sk-proj-${body(`${ALNUM}-_`, 140)}`],
  ['openai-key', `sk-${body(ALNUM, 48)}`],
  ['anthropic-key', `sk-ant-api03-${body(`${ALNUM}-_`, 93)}AA`],
  ['xai-key', `xai-${body(ALNUM, 80)}`],
  ['google-api-key', `AIza${body(`${ALNUM}-_`, 35)}`],
  ['google-oauth-secret', `GOCSPX-${body(ALNUM, 28)}`],
  ['huggingface-token', `hf_${body(ALNUM, 34)}`],
  ['npm-token', `npm_${body(ALNUM, 36)}`],
  ['json-web-token', `eyJ${body(ALNUM, 30)}.eyJ${body(ALNUM, 60, 2)}.${body(`${ALNUM}-_`, 43, 3)}`],
  ['sendgrid-key', `SG.${body(ALNUM, 22)}.${body(ALNUM, 43)}`],
  ['google-oauth-token', `ya29.${body(ALNUM, 60)}`],
  [
    'slack-webhook',
    `https://hooks.slack.com/services/T${body(ALNUM, 8)}/B${body(ALNUM, 8)}/${body(ALNUM, 24)}`,
  ],
];

describe('tokens by their published form', () => {
  it.each(TOKENS)('%s', (kind, token) => {
    const led = kind.startsWith('slack-w') || kind.startsWith('sendgrid') || kind === 'google-oauth-token';
    for (const text of [
      token,
      `"${token}"`,
      `Authorization: token ${token}\n`,
      `let k = "\\n${token}";`,
      `// ${token}`,
      `x=${token};y`,
    ]) {
      const [secret] = findSecrets(text);
      expect(secret?.kind, text).toBe(kind);
      expect(token.endsWith(text.slice(secret?.start, secret?.end)), text).toBe(true);
      if (!led) expect(text.slice(secret?.start, secret?.end)).toBe(token);
    }
  });

  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    `ghp_${'x'.repeat(36)}`,
    'ghp_your_token_here_0123456789012345678',
    'sk-fading-circle-delay-animation-123',
    'sk_test_some_function_of_mine',
    `sha256-${body(HEX, 64)}`,
    `AKIA${body(ALNUM.toLowerCase(), 16)}`,
    `xAKIA${body(UPPER, 16)}`,
    `ghp_${body(ALNUM, 12)}`,
    'sk-0000000000000000000000000000000000',
    'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX',
    'a_long_snake_case_identifier_of_a_function_in_rust_2021',
  ])('not %s', (text) => {
    expect(found(`let a = "${text}";`)).toEqual([]);
  });
});

describe('private keys', () => {
  const lines = [body(ALNUM, 64), body(ALNUM, 64, 2), body(ALNUM, 40, 3)];
  const pem = (label: string, eol: string): string =>
    [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join(eol);

  it.each([
    'PRIVATE KEY',
    'RSA PRIVATE KEY',
    'EC PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
    'PGP PRIVATE KEY BLOCK',
  ])('%s', (label) => {
    for (const eol of ['\n', '\r\n', '\\n', '\\n\\\n    ', '",\n    "']) {
      const key = pem(label, eol);
      expect(found(`const K: &str = "${key}";`)).toEqual([`private-key:${key}`]);
    }
  });

  it('cut off before its end', () => {
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${lines.join('\n')}`;
    expect(findSecrets(`${key}\n`).map(({ kind }) => kind)).toEqual(['private-key']);
  });

  it('not a bare header, a public key, a certificate', () => {
    expect(found('if line == "-----BEGIN RSA PRIVATE KEY-----" { state = State::InsideOfTheKey; }')).toEqual(
      [],
    );
    expect(found(pem('PUBLIC KEY', '\n'))).toEqual([]);
    expect(found(pem('CERTIFICATE', '\n'))).toEqual([]);
    expect(found('// -----BEGIN PRIVATE KEY----- is what the parser looks for first, then base64\n')).toEqual(
      [],
    );
  });
});

describe('passwords', () => {
  it.each([
    ['password', 'let password = "hunter2";', 'hunter2'],
    ['password', 'const DB_PASSWORD: &str = "Tr0ub4dor&3";', 'Tr0ub4dor&3'],
    ['password', 'static PASSWD: &\'static str = "s3cr3t-p4ss";', 's3cr3t-p4ss'],
    ['password', 'Config { password: "c0rrect-h0rse".to_string() }', 'c0rrect-h0rse'],
    ['password', 'password: Some(String::from("k33pOut!9"))', 'k33pOut!9'],
    ['password', 'params.insert("password", "pl4intext!");', 'pl4intext!'],
    ['password', '.password("pl4intext!")', 'pl4intext!'],
    ['password', 'if password == "b4ckd00r" {', 'b4ckd00r'],
    ['password', '"Server=db;Uid=sa;Password=Sup3rS3kr1t;"', 'Sup3rS3kr1t'],
    ['password', 'let json = "{\\"password\\": \\"…\\"}"; let pwd = "9fK2!xQz";', '9fK2!xQz'],
    ['secret', 'let client_secret = "8f3kd02mVs9Q";', '8f3kd02mVs9Q'],
    ['token', `let api_key = "${body(HEX, 32)}";`, body(HEX, 32)],
    ['token', `auth_token: "${body(ALNUM, 24)}",`, body(ALNUM, 24)],
    ['aws-secret-key', `AWS_SECRET_ACCESS_KEY = "${body(`${ALNUM}/+`, 40)}"`, body(`${ALNUM}/+`, 40)],
    ['authorization', `"Authorization: Bearer ${body(ALNUM, 40)}"`, body(ALNUM, 40)],
    ['url-password', 'postgres://app:s3cr3tPw@db.internal:5432/app', 's3cr3tPw'],
    ['url-password', '"mongodb+srv://root:Zx81-spectrum@cluster0.mongodb.net"', 'Zx81-spectrum'],
    ['url-password', 'redis://:p4ssw0rdless9@10.0.0.7:6379', 'p4ssw0rdless9'],
  ])('%s in %s', (kind, text, secret) => {
    expect(found(text)).toEqual([`${kind}:${secret}`]);
  });

  it.each([
    'let password = "changeme";',
    'let password = "password";',
    'let password = "password123";',
    'let password = "xxxxxxxx1";',
    'let password = "example-pass1";',
    'let password = "<your password 1>";',
    'let password = "${DB_PASSWORD1}";',
    'let password = "{password1}";',
    'let password = std::env::var("DB_PASSWORD_2")?;',
    'let password = env!("DB_PASSWORD_2");',
    'let password = config.get("db.password.v2");',
    'let password = read_to_string("/run/secrets/db1")?;',
    'password: "must have at least 8 characters"',
    'const PASSWORD_FIELD: &str = "user-password-2";',
    'const PASSWORD: &str = "pbkdf2-sha256";',
    'ClientSecret => "CLIENT_TRAFFIC_SECRET_0",',
    'let secret = "client_secret_0";',
    'let token = "identifier";',
    'let token = "Ed25519VerificationKey2018";',
    'let api_key = "x-api-key";',
    'let secret = "";',
    'let pass = "first";',
    'let public_key = "302a300506032b6570032100abcd1234";',
    'let access_token = "user_access_token_v2";',
    'struct Token { token: String }',
    'let bypass = "a1b2c3d4";',
    'postgres://postgres:postgres@localhost/test',
    'postgres://user:password@host/db',
    'https://user:s3cr3tPw@example.com/',
    'postgres://app:{password}@db/app',
    'postgres://app:$DB_PASS@db/app',
    'http://localhost:8080/@scope/package',
    'let url = "https://docs.rs/a/b"; // a@b.c',
    'Basic authentication is described elsewhere1',
    'password=password2;',
    'let x = f(password=value.of_something1);',
  ])('not in %s', (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe('the list', () => {
  it('is in order and does not overlap', () => {
    const jwt = TOKENS.find(([kind]) => kind === 'json-web-token')?.[1] ?? '';
    const text = `password = "hunter2!" Bearer ${jwt} postgres://a:ghp_${body(ALNUM, 36)}@db.internal`;
    const secrets = findSecrets(text);
    expect(secrets.map(({ kind }) => kind)).toEqual(['password', 'json-web-token', 'url-password']);
    secrets.reduce((end, secret) => {
      expect(secret.start).toBeGreaterThanOrEqual(end);
      return secret.end;
    }, 0);
  });

  it.each([
    ['words', 'a'],
    ['prefixes', 'ghp_'],
    ['dashed prefixes', 'sk-proj-'],
    ['token starts', 'eyJhbGciOi.'],
    ['one long token', 'eyJ-'],
    ['headers', '-----BEGIN PRIVATE KEY-----'],
    ['headers with lines', '-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAAAAAA\n'],
    ['addresses', '://a:'],
    ['names', 'password '],
    ['assignments', 'password: '],
    ['open quotes', 'password = "'],
    ['open wrappers', 'password = Some(A::new(A::new('],
    ['inline', 'password=a'],
    ['backslashes', '\\'],
    ['bearers', 'Bearer a'],
    ['telegrams', '123456789:AAaaaaaaaaaaaaaaaaaaaaaa'],
  ])('takes linear time on %s', (_, piece) => {
    const time = (length: number): number => {
      const text = piece.repeat(Math.ceil(length / piece.length));
      const start = performance.now();
      findSecrets(text);
      return performance.now() - start;
    };
    time(10_000);
    // Quadratic time would take minutes here.
    expect(time(400_000)).toBeLessThan(2_500);
  });
});
