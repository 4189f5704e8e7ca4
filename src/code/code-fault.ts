/** What is wrong with a protocol's source: where it stands, and in words for who wrote it. */

/** `file` is named as the code's files are, from their root. */
export class CodeFault extends Error {
  constructor(
    message: string,
    readonly file: string,
    /** Both counted from 1. */
    readonly line = 1,
    readonly column = 1,
  ) {
    super(message);
  }
}

/** `/w/lock.ts:3:5: unexpected token`, as compilers say it. */
export function faultText({ message, file, line, column }: CodeFault, root?: string): string {
  return `${root === undefined ? file : `${root}/${file}`}:${line}:${column}: ${message}`;
}
