#!/usr/bin/env node
/**
 * The file that the shell starts. It must parse and run on any Node that knows ES modules, so that a Node
 * that is too old gets one clear line instead of a syntax error: no imports, no recent syntax, no top-level await.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `rustassistant needs Node 20.19 or newer; this is ${process.versions.node} (${process.execPath})\n`,
  );
  process.exitCode = 2;
} else {
  // A failure here is ours (a damaged installation): Node prints it with its stack and exits with 1.
  void import('./cli.ts').then((cli) => cli.start());
}
