/** Reads the structure of a source tree, for the test that keeps the walls standing. */
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

export interface ModuleFacts {
  /** Relative to `src/`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** Every `a.b` whose left side is a plain name, and every bare global that is called: `process.env`, `fetch`. */
  readonly uses: ReadonlySet<string>;
}

export interface Import {
  /** A path relative to `src/`, or a package's name. */
  readonly to: string;
  readonly kind: 'static' | 'dynamic';
}

/** Every module below `src/`, by path. */
export function sources(): ModuleFacts[] {
  const root = join(import.meta.dirname, '..', '..', 'src');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .sort()
    .map((path) => readModule(path, readFileSync(join(root, path), 'utf8')));
}

/** Value imports and global uses of one file. Types are free: what only types need is not seen. */
export function readModule(path: string, text: string): ModuleFacts {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, false, ts.ScriptKind.TS);
  const imports: Import[] = [];
  const uses = new Set<string>();
  const add = (specifier: ts.Expression | undefined, kind: Import['kind']): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const to = specifier.text;
    imports.push({ to: to.startsWith('.') ? posix.join(posix.dirname(path), to) : to, kind });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && !onlyTypes(node.importClause)) add(node.moduleSpecifier, 'static');
    if (ts.isExportDeclaration(node) && !node.isTypeOnly) add(node.moduleSpecifier, 'static');
    if (ts.isCallExpression(node)) {
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], 'dynamic');
      if (ts.isIdentifier(node.expression)) uses.add(node.expression.text);
    }
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      uses.add(node.expression.text).add(`${node.expression.text}.${node.name.text}`);
    }
    // A type such as `typeof import('x')` is no import of a value.
    if (!ts.isTypeNode(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  return { path, lines: text.split('\n').length - 1, imports, uses };
}

function onlyTypes(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  return clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

/** Cycles among value imports, each as its path `a → b → a`; every cyclic knot is named at least once. */
export function cycles(modules: readonly ModuleFacts[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at !== -1) found.push([...trail.slice(at), path].join(' → '));
    if (at !== -1 || done.has(path)) return;
    for (const { to } of byPath.get(path)?.imports ?? []) walk(to, [...trail, path]);
    done.add(path);
  };
  for (const { path } of modules) walk(path, []);
  return found;
}
