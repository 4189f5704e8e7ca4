/** Files of the disk, as commands write them: missing folders are made, always. */
import {
  appendFileSync, closeSync, existsSync, lstatSync, mkdirSync, openSync, realpathSync, statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { plainPath } from '../../code/load/source-paths.ts';
import type { Output } from '../terminal.ts';

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

function noFolder(place: string): Error {
  const isLink = lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  const why = isLink
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
