/** A protocol of the workspace: which files it is made of, and where they stand. */
import { CodeFault } from '../code-fault.ts';
import { type Import, importedFile, importsOf } from './imports.ts';
import { folderOf, joined, plainPath, sourceNamed } from './paths.ts';
import { strip } from '../transform/strip.ts';

/** Files are named from a root, above which no import leads. */
export interface Entry {
  /** Without a slash at its end: empty for the root of a disk, `.` for where a command runs. */
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
  let root = folder === '' && !/^[\\/]/.test(scenario) ? '.' : folder;
  for (let up = 0; up < ups; up++) root = folderAbove(root, reference);
  return { root, file: sourceNamed(reference.replace(/^(?:\.\.?\/)+/, '')) };
}

/** Of the root of a disk, which is the empty text, there is none. */
function folderAbove(folder: string, reference: string): string {
  if (/^(|[a-z]:|[a-z][\w+.-]+:\/\/[^/]*)$/i.test(folder)) {
    throw new CodeFault(`${reference} is above the root of the disk`, reference);
  }
  if (folder === '.') return '..';
  if (/(^|\/)\.\.$/.test(folder)) return `${folder}/..`;
  return folder.includes('/') ? folderOf(folder) : '.';
}

/** Asks for one file after the other, by its whole path; answers their texts by name. */
export type Gathering = Generator<string, ReadonlyMap<string, string>, string | undefined>;

/** The entry and all that it imports. Whoever drives it reads: at once, or waiting. */
export function* gather({ root, file: entry }: Entry): Gathering {
  const files = new Map<string, string>();
  const wanted: { file: string; from?: string; by?: Import }[] = [{ file: entry }];
  for (const { file, from, by } of wanted) {
    if (files.has(file)) continue;
    const text = yield `${root}/${file}`;
    if (text === undefined) {
      if (by) throw new CodeFault(absent(file, by.name), from!, by.line, by.column);
      throw new CodeFault('there is no such file', file);
    }
    files.set(file, text);
    for (const one of importsOf(strip(file, text))) {
      wanted.push({ file: importedFile(file, one), from: file, by: one });
    }
  }
  return files;
}

function absent(file: string, name: string): string {
  const there = `there is no file ${file}`;
  if (name.endsWith('.js')) return `${there}, which '${name}' stands for`;
  if (name.endsWith('.ts')) return there;
  return `${there}: an import names a file and no folder, such as '${name}/index.ts'`;
}
