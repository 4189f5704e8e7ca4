/** Reads call stacks of protocol code, and finds their lines and columns in its source. */
import type { SourcePlace } from './code-fault.ts';
import { patternsFile } from './pattern-sources.ts';

/** The URL under which engines know the sources: call stacks write it before the name of a file. */
export const codeRoot = 'lockstep:/protocols/';

/** The URL of one source. It is encoded because engines end it at a blank. */
export function sourceUrl(file: string): string {
  return codeRoot + encodeURI(file);
}

/** A call of a protocol's function in a call stack. */
export interface CodeLine extends SourcePlace {
  readonly function: string;
}

/** The column in the source of a place in a call stack; both columns count from 1. */
export type ColumnOf = (place: SourcePlace) => number;

// V8 writes `at name (lockstep:/protocols/raft.ts:12:5)`; other engines `name@lockstep:/…:12:5`.
const stackLine = /^\s*(?:at )?(?:(.*?)\s*[(@])?lockstep:\/protocols\/([^:]+):(\d+):(\d+)\)?$/;

/** The calls of protocol functions in a call stack, innermost first, at the places it gives. */
export function codeLines(stack: string): CodeLine[] {
  const lines: CodeLine[] = [];
  for (const text of stack.split('\n')) {
    const match = stackLine.exec(text);
    if (!match) continue;
    // V8 calls the top level of evaluated code `eval`: here, that is a module.
    const called = match[1] === 'eval' ? 'module' : (match[1] ?? '');
    const name = called.replace(/ \[as .*\]$/, '').replace(/^.*[. ]/, '');
    const [line, column] = [Number(match[3]), Number(match[4])];
    lines.push({ function: name || 'function', file: decodeURI(match[2]), line, column });
  }
  return lines;
}

/** The same calls with the columns of the source, which differ from those of the code that runs. */
export function sourceCalls({ columnOf }: { columnOf: ColumnOf }, stack: string): CodeLine[] {
  return codeLines(stack).map((line) => ({ ...line, column: columnOf(line) }));
}

/**
 * The line to blame for an error: the innermost call in the protocol's own files, because a pattern
 * throws when its caller passes it bad arguments.
 */
export function thrownAt(code: { columnOf: ColumnOf }, stack: string): CodeLine | undefined {
  const calls = sourceCalls(code, stack);
  return calls.find(({ file }) => file !== patternsFile) ?? calls.at(0);
}
