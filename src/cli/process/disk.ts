/** Files of the disk, as commands read and write them: missing folders are made, always. */
import {
  accessSync, appendFileSync, closeSync, constants, existsSync, fstatSync, lstatSync, mkdirSync,
  openSync, readFileSync, readSync, realpathSync, statSync, writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { isatty } from 'node:tty';
import { plainPath } from '../../code/load/source-paths.ts';
import type { Output } from '../terminal.ts';

/** `-` is the standard input: the editor passes on what is not saved yet. */
export function readWhole(file: string): string {
  if (file === '-') return readFileSync(0, 'utf8');
  const descriptor = openSync(file, 'r');
  try {
    if (isEndless(descriptor)) throw Object.assign(new Error(file), { code: 'EDEVICE' });
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** A device with bytes, such as /dev/zero, has no end. /dev/null has none, and a terminal ends. */
function isEndless(descriptor: number): boolean {
  const stat = fstatSync(descriptor);
  if (!stat.isCharacterDevice() && !stat.isBlockDevice()) return false;
  return !isatty(descriptor) && readSync(descriptor, new Uint8Array(1)) > 0;
}

/** Why nothing can be written there, as far as that is known beforehand; undefined if it can. */
export function whyUnwritable(place: string, kind: 'file' | 'folder'): string | undefined {
  const whole = path.resolve(place);
  const found = kindOf(whole);
  if (kind === 'file' && (found === 'folder' || /[\\/]$/.test(place))) {
    return 'it is a folder, and a file is expected: choose another name';
  }
  if (kind === 'folder' && found === 'other') {
    return 'it is not a folder, and a folder is expected: choose another one';
  }
  let present = whole;
  while (kindOf(present) === 'none' && path.dirname(present) !== present) {
    const isAway = isLink(present) && (kind === 'folder' || present !== whole);
    if (isAway) return noFolder(present).message;
    present = path.dirname(present);
  }
  const isFile = kindOf(present) !== 'folder';
  if (isFile && present !== whole) return noFolder(present).message;
  accessSync(present, isFile ? constants.W_OK : constants.W_OK | constants.X_OK);
  return undefined;
}

export function createFile(file: string): Output {
  makeFolder(path.dirname(file));
  const descriptor = openSync(file, 'w');
  return {
    write: async (text) => appendFileSync(descriptor, text),
    close: async () => closeSync(descriptor),
  };
}

export function writeWhole(file: string, text: string): void {
  makeFolder(path.dirname(file));
  writeFileSync(file, text);
}

/** Fails if there is anything of that name, even a link to a file that does not exist. */
export function writeNew(file: string, text: string): void {
  makeFolder(path.dirname(file));
  writeFileSync(file, text, { flag: 'wx' });
}

/**
 * Makes a folder and those above it. Node's recursive `mkdir` never returns where no folder can be
 * made, such as below /proc: it makes the folders above again and again.
 */
function makeFolder(folder: string): void {
  const missing: string[] = [];
  let present = path.resolve(folder);
  while (kindOf(present) === 'none' && path.dirname(present) !== present) {
    missing.push(present);
    present = path.dirname(present);
  }
  if (kindOf(present) !== 'folder') throw noFolder(present);
  for (const one of missing.reverse()) {
    try {
      mkdirSync(one);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Another process may have made it meanwhile.
      if (code !== 'EEXIST') throw code === 'ENOENT' ? cannotBeMade(one) : error;
      if (kindOf(one) !== 'folder') throw noFolder(one);
    }
  }
}

function kindOf(file: string): 'none' | 'folder' | 'other' {
  try {
    return statSync(file).isDirectory() ? 'folder' : 'other';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'none';
    throw error;
  }
}

function isLink(place: string): boolean {
  try {
    return lstatSync(place).isSymbolicLink();
  } catch {
    return false;
  }
}

function noFolder(place: string): Error {
  const why = isLink(place)
    ? `${place} is a link to a folder that does not exist: make that folder, or choose another one`
    : `${place} is not a folder: choose another one`;
  return new FolderError(why);
}

function cannotBeMade(folder: string): Error {
  return new FolderError(`the folder ${folder} cannot be made: choose another one`);
}

/** A folder that cannot be made, in words for the user. */
class FolderError extends Error {
  readonly code = 'ENOTDIR';
}

/**
 * The path with all links followed, from the working folder if it is in it; the path itself if
 * there are none. Of what does not exist yet, the links above it are followed.
 */
export function realPath(file: string): string {
  const whole = path.resolve(file);
  let present = whole;
  while (!existsSync(present) && path.dirname(present) !== present) present = path.dirname(present);
  const real = path.join(realpathSync(present), path.relative(present, whole));
  if (real === whole) return plainPath(file);
  const here = path.relative(realpathSync('.'), real);
  const isInside = here !== '..' && !here.startsWith(`..${path.sep}`) && !path.isAbsolute(here);
  return plainPath(isInside ? here || '.' : real);
}

/** The number of a file that has several names: hard links lead to it as its own name does. */
export function inodeOf(file: string): string | undefined {
  try {
    const stat = statSync(file, { bigint: true });
    return stat.isFile() && stat.nlink > 1n ? `${stat.dev}:${stat.ino}` : undefined;
  } catch {
    return undefined;
  }
}
