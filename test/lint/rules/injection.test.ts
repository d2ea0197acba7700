import { describe, it } from 'vitest';
import { check } from '../support.ts';

const shell = (body: string): void => check('shell-injection', `fn f(name: &str) {\n${body}\n}`);
const sql = (body: string): void => check('sql-injection', `fn f(name: &str) {\n${body}\n}`);

describe('shell-injection', () => {
  it('fires where the command is put together', () => {
    shell('Command::new("sh").arg("-c").arg(format!("ls {name}")).status(); //~ high');
    shell('Command::new("/bin/bash").args(["-c", &format!("ls {}", name)]).output(); //~ high');
    shell('std::process::Command::new("bash").args(&["-lc", &("ls ".to_owned() + name)]).spawn(); //~ high');
    shell(
      'tokio::process::Command::new("cmd").args(["/C", &format!("dir {name}")]).output().await; //~ high',
    );
    shell('Command::new("powershell.exe").arg("-Command").arg(format!("dir {name}")).output(); //~ high');
    shell(
      'let line = format!("tar czf {name}.tgz {name}");\nCommand::new("sh").arg("-c").arg(&line).status(); //~ high',
    );
    shell('Command::new("sh").arg("-c").arg(name).status(); //~ medium');
    shell('let mut cmd = Command::new("sh"); //~ medium\ncmd.arg("-c");\ncmd.arg(name);');
    shell(
      'Command::new("sh") //~ high\n    .current_dir(dir)\n    .arg("-c")\n    .arg(format!(\n        "ls {}",\n        name\n    ))\n    .status();',
    );
    shell('Command::new(String::from("sh")).arg("-c").arg([a, b].join(" ")).status(); //~ high');
  });

  it('is silent on fixed commands and on programs', () => {
    shell('Command::new("sh").arg("-c").arg("ls -l | wc").status();');
    shell('Command::new("sh").args(["-c", "echo $0", name]).status();');
    shell('Command::new("sh").arg("-c").arg(SCRIPT).status();');
    shell('Command::new("sh").arg("-c").arg(include_str!("run.sh")).status();');
    shell('let line = "ls -l";\nCommand::new("sh").arg("-c").arg(line).status();');
    shell('Command::new("sh").arg(script).status();');
    shell('Command::new("git").args(["-c", &format!("user.name={name}")]).status();');
    shell('Command::new("ls").arg(format!("{name}/x")).status();');
    shell('Command::new(shell).arg("-c").arg(name).status();');
    shell('Command::new("sh").spawn();\nCommand::new("git").args(["-c", name]).spawn();');
    shell(
      '// Command::new("sh").arg("-c").arg(format!("ls {name}"))\nlet s = "Command::new(\\"sh\\").arg(\\"-c\\").arg(x)";',
    );
    shell('clap::Command::new("sh").about(name);');
  });
});

describe('sql-injection', () => {
  it('is high where a value stands', () => {
    sql(`db.query(&format!("SELECT * FROM users WHERE name = '{}'", name)); //~ high`);
    sql(`let q = format!("SELECT id FROM t WHERE id = {}", id); //~ high`);
    sql(`let q = format!("DELETE FROM t WHERE name='{name}'"); //~ high`);
    sql(`sqlx::query(&format!("INSERT INTO t (a, b) VALUES ('{}', {})", a, b)); //~ high`);
    sql(`let q = format!( //~ high\n    "SELECT a, b\n     FROM t\n     WHERE a LIKE '%{}%'",\n    name\n);`);
    sql(`let q = format!(r#"UPDATE t SET a = "{name}" WHERE b = 1"#); //~ high`);
    sql(`let q = format!("select * from users where name = '{}'", name); //~ high`);
    sql(`write!(sql, "DELETE FROM t WHERE a = {}", name); //~ high`);
    sql(`conn.execute(&("SELECT * FROM t WHERE a = '".to_string() + name + "'")); //~ high`);
    sql(`let q = String::from("DELETE FROM t WHERE a = ") + &name; //~ high`);
    sql(`let q = format!("SELECT * FROM t WHERE a = {a} ORDER BY {}", b, a = name); //~ high`);
  });

  it('is milder where a name stands', () => {
    sql('conn.execute(&format!("DROP TABLE {}", table)); //~ medium');
    sql('sqlx::query(&format!("SELECT * FROM {table}")).fetch_all(&pool); //~ medium');
    sql('let q = format!("SELECT {} FROM t", columns); //~ low');
    sql('let q = format!("SELECT a FROM {t} JOIN u ON u.id = {t}.id WHERE a = $1"); //~ low');
  });

  it('is silent on bound values, constants and placeholder lists', () => {
    sql('sqlx::query("SELECT * FROM users WHERE name = $1").bind(name);');
    sql('let q = format!("SELECT * FROM t WHERE a = ?");');
    sql('let q = format!("SELECT * FROM {} WHERE a = ?", TABLE);');
    sql('let q = format!("SELECT * FROM {TABLE} LIMIT {}", limit as i64);');
    sql('let q = format!("SELECT * FROM t WHERE id IN ({})", placeholders);');
    sql('let q = format!("SELECT * FROM t WHERE id IN ({})", vec!["?"; n].join(",").repeat(1));');
    sql('let q = format!("SELECT * FROM {} WHERE a = 1", quote_identifier(table));');
    sql('let q = "SELECT * ".to_string() + "FROM t";');
    sql('let q = "SELECT * FROM t WHERE a = ".to_string() + TABLE;');
  });

  it('is silent on prose and on code that only looks like it', () => {
    sql('format!("Select {} from the list", name);');
    sql('format!("Update {} failed: could not set {}", a, b);');
    sql('format!("delete from cache: {}", name);');
    sql('panic!("SELECT a FROM b WHERE c = {}", name);');
    sql('println!("INSERT INTO t VALUES ({})", name);');
    sql('format!("DROP the {}", name);');
    sql('format!("{{}} SELECT * FROM t WHERE a = {{b}}");');
    sql(`// format!("SELECT * FROM users WHERE name = '{}'", name)`);
  });

  it('is low in tests', () => {
    check('sql-injection', `fn f() { db.query(&format!("SELECT * FROM t WHERE a = '{}'", x)); } //~ low`, {
      role: 'test',
      path: 'tests/db.rs',
    });
  });
});
