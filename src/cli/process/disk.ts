/** Files of the disk, as commands write them: missing folders are made, always. */
import {
  appendFileSync, closeSync, existsSync, mkdirSync, openSync, realpathSync, writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { plainPath } from '../../code/load/source-paths.ts';
import type { Output } from '../terminal.ts';

export function createFile(file: string): Output {
  mkdirSync(path.dirname(file), { recursive: true });
  const descriptor = openSync(file, 'w');
  return {
    write: async (text) => appendFileSync(descriptor, text),
    close: async () => closeSync(descriptor),
  };
}

export function writeWhole(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Fails if there is anything of that name, even a link to a file that does not exist. */
export function writeNew(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: 'wx' });
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
