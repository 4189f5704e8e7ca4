/** TypeScript made into code that runs: types are taken out, and every place is found again. */
import { transform } from 'sucrase';
import { CodeFault } from './code-fault.ts';

export interface Stripped {
  readonly file: string;
  readonly source: string;
  readonly code: string;
  /** The column in the source, from 1, of a place in the code (line from 1, column from 0). */
  columnOf(line: number, column: number): number;
}

/** Lines stay as they are; modules become calls of `require`. */
export function strip(file: string, source: string): Stripped {
  try {
    const { code, sourceMap } = transform(source, {
      transforms: ['typescript', 'imports'],
      disableESTransforms: true,
      filePath: file,
      sourceMapOptions: { compiledFilename: file },
    });
    let lines: Segment[][] | undefined;
    const columnOf = (line: number, column: number) => {
      lines ??= segmentsOf(sourceMap!.mappings);
      const before = (lines[line - 1] ?? []).filter((segment) => segment[0] <= column).at(-1);
      return (before?.[1] ?? 0) + 1;
    };
    return { file, source, code, columnOf };
  } catch (error) {
    throw syntaxFault(file, error);
  }
}

/** A parser's complaint, at its place. */
function syntaxFault(file: string, error: unknown): CodeFault {
  const { message, loc } = error as Error & { loc?: { line: number; column: number } };
  const plain = message.replace(/^Error transforming [^:]*: /, '').replace(/ \(\d+:\d+\)$/, '');
  return new CodeFault(lowerFirst(plain), file, loc?.line ?? 1, loc?.column ?? 1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A column of the code, and the one of the source that it came from. */
type Segment = readonly [code: number, source: number];

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The columns of a source map, by line; lines are the same on both sides. */
function segmentsOf(mappings: string): Segment[][] {
  let source = 0;
  return mappings.split(';').map((line) => {
    let code = 0;
    return line.split(',').flatMap((text): Segment[] => {
      const numbers = numbersOf(text);
      if (numbers.length < 4) return [];
      code += numbers[0];
      source += numbers[3];
      return [[code, source]];
    });
  });
}

/** Base 64, five bits a digit, the lowest first, the sign in the lowest bit of all. */
function numbersOf(text: string): number[] {
  const numbers: number[] = [];
  let number = 0;
  let shift = 0;
  for (const character of text) {
    const digit = digits.indexOf(character);
    number += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(number & 1 ? -(number >> 1) : number >> 1);
    number = 0;
    shift = 0;
  }
  return numbers;
}
