/** Finds the files of a workspace protocol: the one that a scenario names and what it imports. */
import { CodeFault } from '../code-fault.ts';
import { strip } from '../transform/strip.ts';
import { type Import, importedFile, importsOf, outsideWorkspace } from './imports.ts';
import { folderOf, joined, plainPath, sourceNamed } from './source-paths.ts';

/** A file and the root from which files are named. No import may lead above the root. */
export interface Entry {
  /**
   * Without a slash at its end. It is empty for the root of a disk, and `.` for the folder in which
   * a command runs.
   */
  readonly root: string;
  readonly file: string;
}

/**
 * The file that a scenario names as its protocol. The root is the folder of the workspace; if that
 * is not known, it is the nearest folder that contains both files.
 */
export function entryOf(scenario: string, reference: string, workspace?: string): Entry {
  const folder = plainPath(folderOf(scenario));
  const above = workspace === undefined ? undefined : plainPath(workspace).replace(/\/$/, '');
  if (above !== undefined && (folder === above || folder.startsWith(`${above}/`))) {
    const file = joined(folder.slice(above.length + 1), reference);
    if (file === undefined) throw outsideWorkspace(reference, { file: reference });
    return { root: above, file: sourceNamed(file) };
  }
  const ups = /^(?:\.\.?\/)*/.exec(reference)![0].split('../').length - 1;
  let root = folder === '' && !/^[\\/]/.test(scenario) ? '.' : folder;
  for (let up = 0; up < ups; up++) root = folderAbove(root, reference);
  return { root, file: sourceNamed(reference.replace(/^(?:\.\.?\/)+/, '')) };
}

function folderAbove(folder: string, reference: string): string {
  // The root of a disk: empty, a drive, or the host of a URI.
  if (/^(|[a-z]:|[a-z][\w+.-]+:\/\/[^/]*)$/i.test(folder)) {
    const message = `'${reference}' leads above the root of the disk: correct the path`;
    throw new CodeFault('above-disk-root', message, { file: reference });
  }
  if (folder === '.') return '..';
  if (/(^|\/)\.\.$/.test(folder)) return `${folder}/..`;
  return folder.includes('/') ? folderOf(folder) : '.';
}

/**
 * Yields the whole path of each file that it needs; its caller passes back the text, or undefined
 * if there is no such file. So one implementation serves callers that read at once and callers that
 * wait for a promise. Returns the texts by name.
 */
export type Gathering = Generator<string, ReadonlyMap<string, string>, string | undefined>;

/** Gathers the entry and all files that it imports, directly or indirectly. */
export function* gather({ root, file: entry }: Entry): Gathering {
  const files = new Map<string, string>();
  const wanted: { file: string; from?: string; by?: Import }[] = [{ file: entry }];
  for (const { file, from, by } of wanted) {
    if (files.has(file)) continue;
    const text = yield `${root}/${file}`;
    if (text === undefined) {
      const place = by ? { file: from!, line: by.line, column: by.column } : { file };
      throw new CodeFault('file-not-found', notFound(file, by?.name), place);
    }
    files.set(file, text);
    for (const one of importsOf(strip(file, text))) {
      wanted.push({ file: importedFile(file, one), from: file, by: one });
    }
  }
  return files;
}

function notFound(file: string, request?: string): string {
  if (request === undefined) return 'there is no such file: correct `protocol` in the scenario';
  const there = `there is no file ${file}`;
  if (request.endsWith('.js')) return `${there}, to which '${request}' refers: correct the import`;
  if (request.endsWith('.ts')) return `${there}: correct the import`;
  return `${there}: import a file instead of a folder, such as '${request}/index.ts'`;
}
