/** A protocol of the workspace: which files it is made of, and where they stand. */
import { CodeFault } from './code-fault.ts';
import { folderOf, joined, plainPath, sourceNamed } from './paths.ts';
import { strip } from './strip.ts';

/** Files are named from a root, above which no import leads. */
export interface Entry {
  readonly root: string;
  readonly file: string;
}

/**
 * The file that a scenario names as its protocol. The root is the folder of the workspace where
 * that is known, else the nearest folder that holds both.
 */
export function entryOf(scenario: string, reference: string, workspace?: string): Entry {
  const folder = plainPath(folderOf(scenario));
  const above = workspace === undefined ? undefined : plainPath(workspace).replace(/\/$/, '');
  if (above !== undefined && (folder === above || folder.startsWith(`${above}/`))) {
    const file = joined(folder.slice(above.length + 1), reference);
    if (file === undefined) {
      throw new CodeFault(`${reference} is outside of the workspace`, reference);
    }
    return { root: above, file: sourceNamed(file) };
  }
  const ups = /^(?:\.\.?\/)*/.exec(reference)![0].split('../').length - 1;
  let root = folder;
  for (let up = 0; up < ups; up++) root = folderOf(root);
  return { root, file: sourceNamed(reference.replace(/^(?:\.\.?\/)+/, '')) };
}

/** Asks for one file after the other, by its whole path; answers their texts by name. */
export type Gathering = Generator<string, ReadonlyMap<string, string>, string | undefined>;

/** The entry and all that it imports. Whoever drives it reads: at once, or waiting. */
export function* gather({ root, file: entry }: Entry): Gathering {
  const files = new Map<string, string>();
  const wanted: { file: string; by?: { file: string; line: number; column: number } }[] = [
    { file: entry },
  ];
  for (const { file, by } of wanted) {
    if (files.has(file)) continue;
    const text = yield `${root}/${file}`;
    if (text === undefined) {
      if (by) throw new CodeFault(`there is no file ${file}`, by.file, by.line, by.column);
      throw new CodeFault('there is no such file', file);
    }
    files.set(file, text);
    for (const { name, line, column } of importsOf(file, text)) {
      wanted.push({ file: importedFile(file, name, line, column), by: { file, line, column } });
    }
  }
  return files;
}

interface Import {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/** The modules of the workspace that a file needs when it runs; types alone need none. */
function importsOf(file: string, source: string): Import[] {
  const { code } = strip(file, source);
  const names = [...code.matchAll(/\brequire\((['"])([^'"\n]+)\1\)/g)].map(([, , name]) => name);
  return names
    .filter((name) => name !== wordsModule)
    .map((name) => ({ name, ...placeOfImport(source, name) }));
}

/** What protocols import to have the words that they are written with. */
export const wordsModule = 'lockstep';

export function placeOfImport(source: string, name: string): { line: number; column: number } {
  const lines = source.split('\n');
  for (const [index, text] of lines.entries()) {
    const at = Math.max(text.indexOf(`'${name}'`), text.indexOf(`"${name}"`));
    if (at >= 0) return { line: index + 1, column: at + 1 };
  }
  return { line: 1, column: 1 };
}

/** The file of an import, from the root; refused where it is none of the workspace. */
export function importedFile(from: string, name: string, line: number, column: number): string {
  if (!/^\.\.?\//.test(name)) {
    const may = `a protocol imports '${wordsModule}' and files beside it, such as './messages.ts'`;
    throw new CodeFault(`'${name}' cannot be imported: ${may}`, from, line, column);
  }
  const file = joined(folderOf(from), name);
  if (file === undefined) {
    throw new CodeFault(`'${name}' is outside of the workspace`, from, line, column);
  }
  return sourceNamed(file);
}
