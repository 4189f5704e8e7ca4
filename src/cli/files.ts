/** Files of the user, as commands read and write them. */
import { plainPath } from '../code/load/source-paths.ts';
import type { Values } from './options.ts';
import type { Terminal } from './terminal.ts';

/** The text of a file, or why it cannot be read. */
export function readText(
  file: string,
  terminal: Terminal,
): { readonly text: string } | { readonly problem: string } {
  try {
    return { text: terminal.read(file) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = readErrors[code ?? ''] ?? message;
    return { problem: `${file}:1:1: ${why}` };
  }
}

const tooLarge = 'this file is too large to read';
const readErrors: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  ENAMETOOLONG: 'there is no such file: its name is too long',
  EACCES: 'this file may not be read: change its permissions',
  EPERM: 'this file may not be read: change its permissions',
  EISDIR: 'this is a folder, and a file is expected',
  EDEVICE: 'this is a device, and a file is expected',
  ERR_FS_FILE_TOO_LARGE: tooLarge,
  ERR_STRING_TOO_LONG: tooLarge,
};

/** The text of a file; undefined if it cannot be read. */
export function textOrNone(file: string, terminal: Terminal): string | undefined {
  try {
    return terminal.read(file);
  } catch {
    return undefined;
  }
}

/**
 * Returns false, and says why, if the file cannot be written, or its text is too long to be made.
 */
export async function writeFile(
  option: WritingOption,
  file: string,
  textOf: () => string,
  terminal: Terminal,
): Promise<boolean> {
  try {
    terminal.write!(file, textOf());
    return true;
  } catch (error) {
    await terminal.error(`lockstep: --${option}: ${notWritten(file, error)}\n`);
    return false;
  }
}

/** A command would write over a file that is read, which it finds out only when it reads that. */
export class OverwriteError extends Error {}

/** The options that name what a command writes. */
const writing = {
  save: 'folder', junit: 'file', lcov: 'file', history: 'file', html: 'file', svg: 'file',
  output: 'file',
} as const;

export type WritingOption = keyof typeof writing;

/**
 * Why an option names a place where nothing can be written. A command is refused before it has
 * searched for minutes; what only shows when it writes, such as a full disk, it says then.
 */
export function whyNotThere(
  files: readonly string[],
  values: Values,
  terminal: Terminal,
): string | undefined {
  const { whyUnwritable } = terminal;
  const plain = (path: string) => plainOf(path, terminal);
  const taken = new Map<string, string>();
  for (const [option, kind] of Object.entries(writing)) {
    const place = values[option];
    // `-` is the standard output.
    if (typeof place !== 'string' || place === '-') continue;
    if (place === '') return `--${option} needs the name of a ${kind}`;
    try {
      if (kind === 'file' && files.some((one) => plain(one) === plain(place))) {
        return `--${option} names the file that is read: choose another name`;
      }
      const other = kind === 'file' ? taken.get(plain(place)) : undefined;
      if (other !== undefined) {
        return `--${option} names the same file as --${other}: choose another name`;
      }
      taken.set(plain(place), option);
      const why = whyUnwritable?.(place, kind);
      if (why !== undefined) return `--${option}: ${place} cannot be written: ${why}`;
    } catch (error) {
      return `--${option}: ${notWritten(place, error)}`;
    }
  }
  return undefined;
}

/** The name by which a place is told apart from others. */
function plainOf(file: string, { whole = plainPath, real = whole, inode }: Terminal): string {
  return inode?.(file) ?? whole(real(file)).replace(/^(\.\/)+/, '');
}

/** Says why a file cannot be written, and what to do. */
export function notWritten(file: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return `${file} cannot be written: ${writeErrors[code ?? ''] ?? message}`;
}

const noPermission = 'this place may not be written to: change its permissions, or choose another';
const diskFull = 'the disk is full: make room, or choose another disk';
const writeErrors: Readonly<Record<string, string>> = {
  EACCES: noPermission,
  EPERM: noPermission,
  EROFS: noPermission,
  ENOSPC: diskFull,
  EDQUOT: diskFull,
  EISDIR: 'there is a folder of that name: choose another name',
  ELOOP: 'its links lead in a circle: choose another place',
  ENAMETOOLONG: 'its name is too long: choose a shorter one',
  ENOENT: 'there is no such place: choose another one',
};
