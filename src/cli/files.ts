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
    await terminal.error(`lockstep: ${file} cannot be written: ${(error as Error).message}\n`);
    return false;
  }
}
