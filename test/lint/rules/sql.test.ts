import { describe, it } from 'vitest';
import { check } from '../support.ts';

const sql = (body: string): void => check('sql-injection', `fn f(name: &str) {\n${body}\n}`);

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
    sql(`let q = format!("SELECT * FROM t WHERE a = {1} AND b = {0}", X, name); //~ high`);
    sql(`let q = format!("SELECT * FROM t WHERE a = {name:?}"); //~ high`);
    sql(`let q = format!("SELECT * FROM t WHERE n BETWEEN 1 AND {}", name); //~ high`);
  });

  it('is milder where a name stands', () => {
    sql('conn.execute(&format!("DROP TABLE {}", table)); //~ medium');
    sql('sqlx::query(&format!("SELECT * FROM {table}")).fetch_all(&pool); //~ medium');
    sql('let q = format!("SELECT {} FROM t", columns); //~ low');
    sql("let q = format!(\"UPDATE t SET a='', b=''{more} WHERE id = ?\"); //~ low");
    sql('let q = format!("SELECT {fields} FROM t WHERE a >= {}", b as u32); //~ low');
    sql('let q = format!("SELECT a FROM t WHERE b = 1 AND {filter}"); //~ low');
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
    sql(
      'let q = format!("SELECT a FROM t WHERE s BETWEEN {} AND {} LIMIT {}", S::A as u32, S::B.to_u32(), v.len());',
    );
    sql('let q = format!("SELECT a FROM t WHERE id IN ({sql_params})");');
    sql(
      'let q = format!(\n    "SELECT a FROM t WHERE s >= {} AND n = {}",\n    // not a, b\n    s as u32,\n    n.len(),\n);',
    );
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
