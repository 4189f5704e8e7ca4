/** What is wrong with a text that a person wrote: where, what was expected, and what to do. */

/** Lines and columns count from 1; the end stands behind the last character. */
export interface SourceRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Problem extends SourceRange {
  /** What was found, and what was expected. */
  readonly message: string;
  readonly severity: 'error' | 'warning';
  /** What to do about it: `did you mean "pause"?`. */
  readonly hint?: string;
}

/** A fault inside a piece of text, by character: what a command or an expression answers. */
export interface Fault {
  readonly message: string;
  /** Characters from the start of the text, the end not included. */
  readonly start: number;
  readonly end: number;
  readonly hint?: string;
}

/** `raft.scenario.yaml:7:3: message (hint)`, as compilers write it. */
export function problemText(file: string, problem: Problem): string {
  const hint = problem.hint ? ` (${problem.hint})` : '';
  const warning = problem.severity === 'warning' ? 'warning: ' : '';
  return `${file}:${problem.line}:${problem.column}: ${warning}${problem.message}${hint}`;
}
