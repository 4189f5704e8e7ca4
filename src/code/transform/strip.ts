/** TypeScript made into code that runs: types are taken out, and every place is found again. */
import { transform } from 'sucrase';
import { CodeFault } from '../code-fault.ts';
import { columnsBetween } from './columns.ts';

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
    const { code } = transform(source, {
      transforms: ['typescript', 'imports'],
      disableESTransforms: true,
      filePath: file,
    });
    const columnOf = columnsOf(code, source);
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

/** Its own maps lose the columns of all that follows an empty part of a template. */
function columnsOf(code: string, source: string): Stripped['columnOf'] {
  let texts: readonly [now: string[], was: string[]] | undefined;
  const known = new Map<number, (column: number) => number>();
  return (line, column) => {
    texts ??= [code.split('\n'), source.split('\n')];
    let find = known.get(line);
    if (!find) {
      find = columnsBetween(texts[0][line - 1] ?? '', texts[1][line - 1] ?? '');
      known.set(line, find);
    }
    return find(column) + 1;
  };
}
