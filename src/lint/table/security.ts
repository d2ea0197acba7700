import { rule } from './row.ts';
import type { RuleInfo } from '../rule.ts';

export const security: readonly RuleInfo[] = [
  rule('hardcoded-secret', 'high', 'security', 'secret in the source', {
    what: 'Private keys, tokens in the published forms of some forty issuers, JSON web tokens, passwords in addresses, and values assigned to names such as `password` or `api_key` that are no placeholders. Keys of cloud, code and model providers are `critical` in code that ships; passwords in documentation are `low`. The finding never repeats the secret.',
    why: 'Everyone who can read the repository, its history or a copy can use it.',
    mend: 'Revoke it at its issuer; read the new one from the environment or a secret store.',
    cwe: 798,
    fires: 'const DATABASE_PASSWORD: &str = "kT9vmq2Lx7Bd";',
    silent: `fn database_password() -> Result<String, VarError> {
    std::env::var("DATABASE_PASSWORD")
}`,
  }),
  rule('shell-injection', 'high', 'security', 'shell command from parts', {
    what: 'A shell (`sh`, `bash`, `cmd`, `powershell` …) started with `-c` or `/C` and a text that is no literal; `medium` where the text is a plain variable.',
    why: 'The shell interprets quotes, `;` and `$( )` in any part: whoever controls one runs commands.',
    mend: 'Start the program itself and pass each value by `.arg(…)`.',
    cwe: 78,
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
];
