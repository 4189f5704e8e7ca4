/** Strips the types from TypeScript. The result runs, and has the same lines as the source. */
import { transform } from 'sucrase';
import { CodeFault } from '../code-fault.ts';
import { columnsBetween } from './columns.ts';

/** A source file and the JavaScript that was made from it. */
export interface Stripped {
  readonly file: string;
  readonly source: string;
  readonly code: string;
  /** The column in the source, from 1, of a place in the code (line from 1, column from 0). */
  columnOf(line: number, column: number): number;
}

/**
 * The stripped files that are in use. Protocols share files, and most files of a protocol are the
 * same when it is loaded again: these, and all that is computed from them, are not computed anew.
 */
const inUse = new Map<string, WeakRef<Stripped>>();
const unused = new FinalizationRegistry<string>((key) => {
  if (inUse.get(key)?.deref() === undefined) inUse.delete(key);
});

/** Throws a `CodeFault` if the source cannot be parsed. Imports become calls of `require`. */
export function strip(file: string, source: string): Stripped {
  const key = `${file}\n${source}`;
  const known = inUse.get(key)?.deref();
  if (known !== undefined) return known;
  const stripped = stripOnce(file, source);
  inUse.set(key, new WeakRef(stripped));
  unused.register(stripped, key);
  return stripped;
}

function stripOnce(file: string, source: string): Stripped {
  try {
    const { code } = transform(source, {
      transforms: ['typescript', 'imports'],
      disableESTransforms: true,
      filePath: file,
    });
    return { file, source, code, columnOf: columnsOf(code, source) };
  } catch (error) {
    throw syntaxFault(file, error);
  }
}

/** The parser writes the file and the place into its message; the fault has them anyway. */
function syntaxFault(file: string, error: unknown): CodeFault {
  const { message, loc } = error as Error & { loc?: { line: number; column: number } };
  const plain = message.replace(/^Error transforming [^:]*: /, '').replace(/ \(\d+:\d+\)$/, '');
  return new CodeFault('syntax', lowerFirst(plain), { file, ...loc });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/**
 * Finds columns by comparing the lines, since removed types move what follows them. The source maps
 * of sucrase cannot be used: after an empty part of a template string they have no more columns.
 */
function columnsOf(code: string, source: string): Stripped['columnOf'] {
  let lines: readonly [now: string[], was: string[]] | undefined;
  const known = new Map<number, (column: number) => number>();
  return (line, column) => {
    lines ??= [code.split('\n'), source.split('\n')];
    let find = known.get(line);
    if (!find) {
      find = columnsBetween(lines[0][line - 1] ?? '', lines[1][line - 1] ?? '');
      known.set(line, find);
    }
    return find(column) + 1;
  };
}
