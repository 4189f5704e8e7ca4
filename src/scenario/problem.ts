/** Problems in scenario files and commands: a code for programs, words and a place for people. */

/**
 * Every kind of problem. A code keeps its meaning when its message is reworded, so editors, scripts
 * and tests can rely on it.
 */
export const problemCodes = [
  // The file as YAML.
  'file-too-large',
  'too-many-problems',
  'yaml-syntax',
  'yaml-alias',
  'explicit-key',
  'tab-indent',
  'nested-too-deep',
  'misplaced-line',
  'duplicate-key',
  'several-documents',
  // The settings of a scenario.
  'not-a-scenario',
  'missing-setting',
  'unknown-setting',
  'bad-setting',
  'unknown-protocol',
  'unknown-breaks',
  // The nodes.
  'no-nodes',
  'too-many-nodes',
  'bad-node-name',
  'cannot-add',
  'bad-node-range',
  'reserved-node-name',
  'duplicate-node',
  'missing-role',
  'unknown-role',
  // Lists of steps, expectations and breakpoints.
  'not-a-step',
  'not-an-expectation',
  'expected-model',
  'unknown-model',
  'no-specification',
  'not-an-event',
  // Words of a command.
  'open-quote',
  'expected-command',
  'expected-node',
  'expected-standing',
  'expected-arrow',
  'expected-colon',
  'expected-duration',
  'expected-setting',
  'expected-operation',
  'expected-message',
  'expected-timer',
  'expected-event',
  'expected-goal',
  'unexpected-word',
  'unknown-command',
  'unknown-node',
  'unknown-operation',
  'unknown-message',
  'unknown-timer',
  'unknown-event',
  'bad-duration',
  'duration-too-long',
  'negative-duration',
  'too-few-groups',
  'node-in-two-groups',
  'own-message',
  'own-link',
  'expected-word',
  'no-connection',
  'no-disk',
  'on-connection',
  'missing-argument',
  'unexpected-argument',
  'duplicate-argument',
  'bad-argument',
  'answer-not-awaited',
  'too-many-operations',
  'expected-fault',
  'unknown-fault',
  'endless-nemesis',
  // Commands typed while a run is stopped.
  'placement-not-allowed',
  'wait-not-allowed',
  'workload-not-allowed',
  'not-possible-now',
  // Expressions.
  'cel-missing',
  'cel-too-long',
  'cel-syntax',
  'cel-unknown-name',
  'cel-unknown-field',
  'cel-unknown-function',
  'cel-wrong-type',
  'cel-bad-pattern',
  'cel-not-boolean',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** Lines and columns count from 1; the end is after the last character. */
export interface SourceRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A problem at its place in a file. Other layers report problems with codes of their own. */
export interface Problem<Code extends string = string> extends SourceRange {
  readonly code: Code;
  /** What is wrong, with the value. */
  readonly message: string;
  readonly severity: 'error' | 'warning';
  /** What to do about it: ``did you mean `pause`?``. */
  readonly hint?: string;
}

export type ScenarioProblem = Problem<ProblemCode>;

/** What is wrong, before it has a place. */
export interface Mistake {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint?: string;
}

/** A problem inside a command or an expression. */
export interface Fault extends Mistake {
  /** Characters from the start of the string; `end` is not included. */
  readonly start: number;
  readonly end: number;
}

/** `raft.scenario.yaml:7:3: message (hint)`, as compilers write it. */
export function problemText(file: string, problem: Problem): string {
  const warning = problem.severity === 'warning' ? 'warning: ' : '';
  return `${file}:${problem.line}:${problem.column}: ${warning}${withHint(problem)}`;
}

/** The message and, in parentheses, what to do: for places that show one line. */
export function withHint({ message, hint }: { message: string; hint?: string }): string {
  return hint === undefined ? message : `${message} (${hint})`;
}
