/** What the adapter knows about a motion beside what moves: its title, and where it began. */
import type { MotionKind } from '../words/progress.ts';

/** What else is known about a motion that begins. */
export interface Moving {
  readonly title?: MotionKind;
  /** Set if the client did not send a motion. */
  readonly from?: CommandOrigin;
  /** Called after its stop is reported, however it ends. */
  readonly ended?: () => void;
  /** Called before the stop of a motion that was halted is reported. */
  readonly halted?: (() => void) | undefined;
  /** Called after an error in the motion, before it is reported. */
  readonly failed?: (() => void) | undefined;
}

/** Where a command was given. */
export type CommandOrigin = 'console' | 'panel';
