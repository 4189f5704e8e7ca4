/** Files of the user, as commands read and write them. */
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
  file: string,
  textOf: () => string,
  terminal: Terminal,
): Promise<boolean> {
  try {
    terminal.write!(file, textOf());
    return true;
  } catch (error) {
    await terminal.error(`lockstep: ${notWritten(file, error)}\n`);
    return false;
  }
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
