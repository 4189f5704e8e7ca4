/** What workloads and the nemesis keep of a run: plain data in the progress of the scenario. */
import type { Action } from '../../kernel/action.ts';
import type { World } from '../../kernel/world.ts';
import type { Micros, NodeId, OperationId } from '../../protocol/types.ts';

/** A `repeat` that has begun. */
export interface Workload {
  readonly type: 'repeat';
  /** The index of its step. */
  readonly index: number;
  readonly began: Micros;
  /** How many operations it has invoked. */
  taken: number;
  /** When it invoked the last one, or an operation ended. */
  lastAt: Micros;
  /** When its step gave up, because no client could invoke; −1 if it did not. */
  gaveUp: Micros;
  clients: WorkloadClient[];
}

export interface WorkloadClient {
  readonly node: NodeId;
  /** It invokes no operation before this time. */
  nextAt: Micros;
  /** The operation that it waits for; empty if none. `held` while its process is paused. */
  operation: OperationId | 'held' | '';
  invokedAt: Micros;
}

/** A nemesis that has begun. */
export interface Nemesis {
  readonly type: 'nemesis';
  readonly index: number;
  readonly began: Micros;
  taken: number;
  nextAt: Micros;
  /** What ends the present fault; empty if there is none. Their times are set when they are due. */
  undo: Undo[];
}

export type Undo = Exclude<Extract<Action, { type: UndoType }>, { from?: undefined; type: 'heal' }>;
type UndoType = 'restart' | 'resume' | 'heal' | 'skew';

export type Activity = Workload | Nemesis;

/** What an activity that is not over has done so far, for a reader. */
export type ActivityNow =
  | {
      readonly type: 'repeat';
      /** The index of its step. */
      readonly index: number;
      readonly clients: readonly NodeId[];
      /** How many operations it has invoked, and how many it will; absent if only time ends it. */
      readonly invoked: number;
      readonly times?: number;
      /** The clients that wait for an answer. */
      readonly waiting: readonly NodeId[];
    }
  | {
      readonly type: 'nemesis';
      readonly index: number;
      /** The actions that will end the present fault; empty between two faults. */
      readonly undo: readonly Action[];
      /** When it does the next thing, if nothing else ends it before. */
      readonly nextAt: Micros;
    };

/** The next action of an activity. It is drawn only when it is taken: most steps are others. */
export interface Due {
  readonly at: Micros;
  action(): Action;
}

/** What they draw follows the seed of the run, which an explorer chooses for each run anew. */
export function seedOf(world: World): number {
  return world.plan.setup.seed;
}
