/** What the breakpoints of a session write to the console of its user. */
import type { Breakpoint } from './breakpoint.ts';

export type OutputLine =
  /** The message of a log point. */
  | { readonly type: 'log'; readonly text: string; readonly place?: Breakpoint['place'] }
  /** A condition has no value, so its breakpoint is not hit. */
  | { readonly type: 'condition'; readonly why: string; readonly place?: Breakpoint['place'] }
  /** The instrumented handler overflowed the call stack; the plain one did not. */
  | { readonly type: 'too deep' }
  /** A branch has begun with the action of step `step`. */
  | { readonly type: 'branch'; readonly number: number; readonly step: number };

export type Output = (line: OutputLine) => void;
