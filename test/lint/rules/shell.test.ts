import { describe, it } from 'vitest';
import { check } from '../support.ts';

const shell = (body: string): void => check('shell-injection', `fn f(name: &str) {\n${body}\n}`);

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
    shell(
      'let mut line = String::from("ls ");\nline.push_str(name);\nCommand::new("sh").arg("-c").arg(line); //~ medium',
    );
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
    shell(
      'let base: OsString = "pkgconf gpgme".into();\nlet mut line = base.clone();\nline.push(" --version");\nCommand::new("sh").arg("-c").arg(line);',
    );
    shell(
      '// The helper is written in shell syntax.\nCommand::new("sh").arg("-c").arg(format!("{name} get"));',
    );
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
