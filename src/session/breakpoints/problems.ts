/** Why a breakpoint is not set, as typed data. */
import type { Fault } from '../../scenario/problem.ts';
import type { LogMessageProblem } from './log-message.ts';
import type { PlacementProblem } from './placement.ts';

export type BreakpointProblem =
  | { readonly type: 'place'; readonly problem: PlacementProblem }
  | { readonly type: 'condition'; readonly fault: Fault }
  | { readonly type: 'hit condition'; readonly text: string }
  | { readonly type: 'log message'; readonly problem: LogMessageProblem };
