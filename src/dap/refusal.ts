/** A request that cannot be granted: why, as typed data. `words/refusals.ts` has the sentences. */
import type { BranchSaved } from '../explore/saved/branch.ts';
import type { LimitCode } from '../kernel/text/execution-limits.ts';
import type { NotMoved } from '../kernel/seam/movement.ts';
import type { CommandProblem } from '../session/console.ts';
import type { ExpressionProblem } from '../session/read/evaluate.ts';
import type { BreakpointProblem } from '../session/breakpoints/problems.ts';

export type Refused = LaunchRefused | RequestRefused;

export type LaunchRefused =
  | { readonly code: 'not initialized' | 'already initialized' }
  | { readonly code: 'not launched' | 'already launched' | 'launching' | 'cancelled' }
  | ({ readonly code: 'setting' } & WrongValue)
  | { readonly code: 'unreadable scenario'; readonly file: string; readonly why: string }
  /** The first problem of the scenario with its place, and how many more there are. */
  | { readonly code: 'scenario'; readonly problem: string; readonly more: number }
  | { readonly code: 'not a scenario' | 'untrusted'; readonly file: string }
  /** The first problem of the protocol's source with its place, and how many more there are. */
  | { readonly code: 'protocol'; readonly problem: string; readonly more: number }
  | { readonly code: 'unknown preset'; readonly name: string; readonly similar?: string }
  | { readonly code: 'preset'; readonly name: string; readonly problem: BreakpointProblem };

export type RequestRefused =
  | { readonly code: 'running' | 'moved meanwhile' | 'not restartable' | 'no event' }
  | { readonly code: 'branch gone' }
  | { readonly code: 'configuring' | 'already configured' | 'nothing to step out of' }
  | { readonly code: 'restarting' | 'terminated' | 'disconnected' }
  | { readonly code: 'unknown request' | 'arguments'; readonly command: string }
  | ({ readonly code: 'argument'; readonly command: string } & WrongValue)
  /** The client names something that was valid at an earlier stop. */
  | { readonly code: 'out of date'; readonly what: 'variables' | 'frame' | 'target' }
  | { readonly code: 'no thread' | 'no source'; readonly number: number }
  /** Code of the workspace did not end while the request was answered. */
  | { readonly code: 'limit'; readonly limit: LimitCode }
  | { readonly code: 'problem'; readonly problem: ExpressionProblem | CommandProblem }
  | {
      readonly code: 'not moved';
      readonly why: NotMoved;
      /** The action in words. */
      readonly name?: string;
      /** How many steps the run has. */
      readonly length?: number;
    }
  // Searches for schedules
  | { readonly code: 'searching' | 'no search' | 'finding stale' }
  | { readonly code: 'no finding'; readonly number: number }
  /** A search was to begin after the end of a run. */
  | { readonly code: 'no step'; readonly step: number; readonly length: number }
  /** Why a search was not begun or did not end, or a finding cannot be saved, as a sentence. */
  | { readonly code: 'not found' | 'not saved'; readonly why: string }
  // Requests of panels
  | { readonly code: 'not an action' | 'panel command'; readonly text: string }
  // Requests about branches
  | { readonly code: 'branch not saved'; readonly why: NotSaved }
  | { readonly code: 'nothing broken'; readonly branch: number };

/** Why a branch cannot be written as a file. */
export type NotSaved =
  | Exclude<BranchSaved, { type: 'saved' }>
  /** A search chose random numbers, for which a trace has no place. */
  | { readonly type: 'chosen draws' };

export interface WrongValue {
  /** The setting or argument, as the message names it: `"seed"`. */
  readonly name: string;
  readonly expected: Expected;
  /** Undefined if it is missing. */
  readonly found: unknown;
}

export type Expected =
  | 'integer'
  | 'line'
  | 'line from 0'
  | 'column'
  | 'access type'
  | 'filter'
  | 'branch command'
  | 'branch format'
  | 'string'
  | 'object'
  | 'list'
  | 'truth value'
  | 'non-negative integer'
  | 'scenario path'
  | 'folder path'
  | 'event names'
  | 'event name'
  | 'condition'
  | 'positive integer'
  | 'meaning of time'
  | 'actions'
  | 'end of a finding';

/** Numbers for clients that want to tell refusals apart. Numbers that were used stay. */
export const refusalNumbers: Readonly<Record<Refused['code'], number>> = {
  'not launched': 10,
  'already launched': 11,
  setting: 12,
  'unreadable scenario': 13,
  scenario: 14,
  'not a scenario': 15,
  protocol: 16,
  untrusted: 17,
  'unknown preset': 18,
  preset: 19,
  'not initialized': 50,
  'already initialized': 51,
  launching: 52,
  cancelled: 53,
  configuring: 54,
  'already configured': 55,
  restarting: 56,
  terminated: 57,
  disconnected: 58,
  running: 20,
  'moved meanwhile': 21,
  'unknown request': 22,
  arguments: 23,
  argument: 24,
  'out of date': 30,
  'no thread': 31,
  'no source': 32,
  'not restartable': 33,
  'no event': 34,
  problem: 35,
  'not moved': 36,
  'nothing to step out of': 37,
  limit: 38,
  searching: 42,
  'no search': 43,
  'finding stale': 44,
  'no finding': 45,
  'not found': 46,
  'not saved': 47,
  'not an action': 40,
  'panel command': 41,
  'branch not saved': 48,
  'nothing broken': 49,
  'no step': 59,
  'branch gone': 60,
};

/** The id of an internal error in error responses. */
export const internalErrorNumber = 2;

/** What is wrong with a launch is shown by the editor itself: the user sees nothing else of it. */
const shown: ReadonlySet<Refused['code']> = new Set([
  'setting',
  'unreadable scenario',
  'scenario',
  'not a scenario',
  'protocol',
  'untrusted',
  'unknown preset',
  'preset',
] as const);

export class RequestRefusal extends Error {
  constructor(
    readonly refused: Refused,
    /** Whether the editor should show it by itself. */
    readonly isShown = shown.has(refused.code),
  ) {
    super(refused.code);
  }
}

/** Whether the client gave up a launch or a restart before it was complete. */
export function isCancelled(error: unknown): boolean {
  return error instanceof RequestRefusal && error.refused.code === 'cancelled';
}
