/** What is wrong in the text of a history, and where. */
export interface TextProblem {
  readonly message: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

/** Thrown inside the parsers, and caught by `readHistory`. */
export class TextError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

export function problemAt(text: string, { message, offset }: TextError): TextProblem {
  const before = text.slice(0, offset).split('\n');
  return { message, line: before.length, column: before.at(-1)!.length + 1 };
}
