/** Finds the files of a workspace protocol: the one that a scenario names and what it imports. */
import { attempt, bySource, CodeFault } from '../code-fault.ts';
import { sourceFaults } from '../check/source-check.ts';
import { strip } from '../transform/strip.ts';
import { type Import, importedFile, importsOf, outsideRoot } from './imports.ts';
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

/** Files that mark the root of a project: its own, and those of git in a folder or a worktree. */
const markers = ['tsconfig.json', 'package.json', '.git/HEAD', '.git'];

/**
 * Yields the whole path of each file that it needs; its caller passes back the text, or undefined
 * if there is no such file. So one implementation serves callers that read at once and callers that
 * wait for a promise.
 */
export type Reading<Result> = Generator<string, Result, string | undefined>;

/**
 * The file that a scenario names as its protocol. If no root is given, it is the nearest folder
 * above the scenario that a project marks as its root; without one, the nearest folder that
 * contains both files.
 */
export function* locate(scenario: string, reference: string, root?: string): Reading<Entry> {
  const folder = folderOfScenario(scenario);
  const shared = sharedFolder(folder, reference);
  const rest = reference.replace(/^(?:\.\.?\/)+/, '');
  const below = sourceNamed(joined('', rest) ?? rest);
  const found = root === undefined ? yield* markedFolder(folder) : withoutSlash(plainPath(root));
  if (found === undefined) return { root: shared, file: below };
  const path = shared === '.' ? below : `${shared}/${below}`;
  if (found === '.' && !isOutsideWorkingFolder(path)) return { root: found, file: path };
  if (path.startsWith(`${found}/`)) return { root: found, file: path.slice(found.length + 1) };
  throw outsideRoot(reference, found, { file: scenario });
}

function folderOfScenario(scenario: string): string {
  const folder = plainPath(folderOf(scenario)).replace(/^(\.\/)+/, '');
  return folder === '' && !/^[\\/]/.test(scenario) ? '.' : folder;
}

function withoutSlash(folder: string): string {
  return folder === './' ? '.' : folder.replace(/^(\.\/)+(?=.)/, '').replace(/\/+$/, '');
}

function isOutsideWorkingFolder(path: string): boolean {
  return /^(\.\.|\/|[a-z]:|[a-z][\w+.-]+:\/\/)/i.test(path);
}

/** The nearest folder that contains the scenario's folder and the file that it refers to. */
function sharedFolder(folder: string, reference: string): string {
  const ups = /^(?:\.\.?\/)*/.exec(reference)![0].split('../').length - 1;
  let shared = folder;
  for (let up = 0; up < ups; up++) shared = folderAbove(shared, reference);
  return shared;
}

function* markedFolder(folder: string): Reading<string | undefined> {
  for (let at: string | undefined = folder; at !== undefined; at = parentOf(at)) {
    for (const marker of markers) {
      const text = yield at === '.' ? marker : `${at}/${marker}`;
      if (text !== undefined) return at;
    }
  }
  return undefined;
}

/** Undefined for the root of a disk, and for a folder whose parent its path does not name. */
function parentOf(folder: string): string | undefined {
  if (isDiskRoot(folder) || folder === '.' || /(^|\/)\.\.$/.test(folder)) return undefined;
  return folder.includes('/') ? folderOf(folder) : '.';
}

/** The root of a disk: empty, a drive, or the host of a URI. */
function isDiskRoot(folder: string): boolean {
  return /^(|[a-z]:|[a-z][\w+.-]+:\/\/[^/]*)$/i.test(folder);
}

function folderAbove(folder: string, reference: string): string {
  if (isDiskRoot(folder)) {
    const message = `'${reference}' leads above the root of the disk: correct the path`;
    throw new CodeFault('above-disk-root', message, { file: reference });
  }
  if (folder === '.') return '..';
  if (/(^|\/)\.\.$/.test(folder)) return `${folder}/..`;
  return folder.includes('/') ? folderOf(folder) : '.';
}

/**
 * Gathers the entry and all files that it imports, directly or indirectly, and returns their texts
 * by name. Throws all faults of the files that were found if one cannot be imported.
 */
export function* gather({ root, file: entry }: Entry): Reading<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const faults: CodeFault[] = [];
  const wanted: { file: string; from?: string; by?: Import }[] = [{ file: entry }];
  const missing = new Set<string>();
  for (const { file, from, by } of wanted) {
    if (files.has(file) || missing.has(file)) continue;
    const text = yield root === '.' ? `./${file}` : `${root}/${file}`;
    if (text === undefined) {
      missing.add(file);
      const place = by ? { file: from!, line: by.line, column: by.column } : { file };
      faults.push(new CodeFault('file-not-found', notFound(file, by?.name), place));
      continue;
    }
    files.set(file, text);
    // What a file with faults imports is unknown, or is found all the same.
    for (const one of importsIn(file, text)) {
      const imported = attempt(() => importedFile(file, one, root), faults);
      if (imported !== undefined) wanted.push({ file: imported, from: file, by: one });
    }
  }
  if (faults.length === 0) return files;
  const others = [...files].flatMap(([file, text]) => sourceFaults(() => strip(file, text)));
  throw CodeFault.of([...faults, ...others].toSorted(bySource([...files.keys()])));
}

function importsIn(file: string, text: string): readonly Import[] {
  return attempt(() => importsOf(strip(file, text)), []) ?? [];
}

function notFound(file: string, request?: string): string {
  if (request === undefined) return 'there is no such file: correct `protocol` in the scenario';
  const there = `there is no file ${file}`;
  if (request.endsWith('.js')) return `${there}, to which '${request}' refers: correct the import`;
  if (request.endsWith('.ts')) return `${there}: correct the import`;
  return `${there}: import a file instead of a folder, such as '${request}/index.ts'`;
}
