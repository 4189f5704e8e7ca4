/** Source files as the laws see them: what they import, their words without comments, their functions. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Node, parse } from 'acorn';
import { transform } from 'sucrase';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export function readSources(...folders: string[]): Source[] {
  return folders
    .flatMap((folder) => walk(join(root, folder)))
    .filter((file) => /\.(ts|mjs)$/.test(file))
    .map((file) => ({
      path: relative(root, file).replaceAll('\\', '/'),
      text: readFileSync(file, 'utf8'),
    }));
}

/** The documents and samples that people read: Markdown, scenarios, the manifest. */
export function readDocuments(): Source[] {
  const files = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'package.json', 'package.nls.json']
    .map((name) => join(root, name))
    .concat(walk(join(root, 'samples')).filter((file) => /\.(md|ya?ml|ts|json)$/.test(file)));
  return files.map((file) => ({
    path: relative(root, file).replaceAll('\\', '/'),
    text: readFileSync(file, 'utf8'),
  }));
}

function walk(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (name === 'node_modules' || name === 'artifacts') return [];
      return statSync(path).isDirectory() ? walk(path) : [path];
    });
}

/** The modules that a file imports, types included; files of the project by their path. */
export function importsOf({ path, text }: Source): string[] {
  const code = withoutComments(text);
  const statement = /(?:^|\n)\s*(?:import|export)\b(?:[^'";]*?\bfrom)?\s*(['"])([^'"\n]+)\1/g;
  const call = /\bimport\s*\(\s*(['"])([^'"\n]+)\1/g;
  const found = [...code.matchAll(statement), ...code.matchAll(call)];
  return found.map(([, , name]) => {
    const plain = name.replace(/\?sources$/, '');
    return plain.startsWith('.') ? posix.join(dirname(path), plain) : plain;
  });
}

/** Comments blanked out and strings kept, lines where they were. */
export function withoutComments(text: string): string {
  const token =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return text.replace(token, (match) =>
    match.startsWith('/') ? match.replace(/[^\n]/g, ' ') : match,
  );
}

/** Comments and the text of strings blanked out. */
export function wordsOnly(text: string): string {
  const string = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return withoutComments(text).replace(string, (match) => match.replace(/[^\n]/g, ' '));
}

/** Comments and strings alone, lines where they were; everything else is blanked out. */
export function proseOnly(text: string): string {
  const token =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  const blank = (part: string) => part.replace(/[^\n]/g, ' ');
  let prose = '';
  let end = 0;
  for (const match of text.matchAll(token)) {
    prose += blank(text.slice(end, match.index));
    // Comment markers at the beginning of a line would come between the words of a sentence.
    prose += match[0].replace(/^[ \t]*(\*(?!\/)|\/\/)/gm, blank);
    end = match.index + match[0].length;
  }
  return prose + blank(text.slice(end));
}

export interface FunctionSpan {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

/** Every function of a file with its length; `describe` callbacks of tests are not counted. */
export function functionsOf({ path, text }: Source): FunctionSpan[] {
  const plain = text.replace(/@\w+\((?:[^()]|\([^()]*\))*\)/g, (decorator) =>
    decorator.replace(/[^\n]/g, ' '),
  );
  const code = path.endsWith('.ts') ? transform(plain, { transforms: ['typescript'] }).code : text;
  const ast = parse(code, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    locations: true,
    allowHashBang: true,
  });
  const found: FunctionSpan[] = [];
  visit(ast as unknown as Tree, '', found);
  return found;
}

type Tree = Node & { [key: string]: unknown };

function visit(node: Tree, name: string, found: FunctionSpan[]): void {
  const own = nameOf(node) ?? name;
  if (/Function/.test(node.type) && node.loc) {
    const line = node.loc.start.line;
    found.push({ name: own || 'a function', line, lines: node.loc.end.line - line + 1 });
  }
  for (const [key, value] of Object.entries(node)) {
    if (key === 'loc') continue;
    for (const part of Array.isArray(value) ? value : [value]) {
      if (part && typeof part === 'object' && 'type' in part) visit(part as Tree, own, found);
    }
  }
}

function nameOf(node: Tree): string | undefined {
  const named = (node.id ?? node.key) as { name?: string } | null | undefined;
  return named?.name;
}
