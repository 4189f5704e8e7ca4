/** The state, events and options of a worker that takes locks in ZooKeeper. */
import type { Micros, OperationId } from '../../protocol/types.ts';
import type { StorageAnswers, StorageRequests } from '../locks/fenced-storage.ts';
import type { HolderOptions, WorkerState as LockState } from '../locks/worker.ts';
import {
  type Library, libraryEvents, type LibraryEvents, type LibraryOptions, type LibraryState,
} from './library-state.ts';

/** A step of the recipe: a request, and what its response leads to. */
export type RecipeStep =
  /** Creates the znode in the queue; its parent, if that is missing. */
  | 'create' | 'parent'
  /** Looks for the znode that a create of unknown outcome may have made; reads its zxid. */
  | 'search' | 'found'
  /** Lists the queue; watches the znode just before its own. */
  | 'children' | 'watch';

/** A place in the queue for a lock. */
export interface Place {
  readonly operation: OperationId;
  readonly key: string;
  /** Whether it waits for its turn, or gives up if the lock is taken. */
  readonly patient: boolean;
  /** How long it waits at most, and since when, by its own clock. */
  readonly wait: Micros;
  readonly since: Micros;
  /** The GUID in the name of its znode; empty without protection. */
  readonly guid: string;
  /** Its own znode, and the fencing token that follows from it. */
  own: string;
  token: number;
  /** The predecessor whose deletion it waits for; empty if it does not wait. */
  watching: string;
  /** The step that it repeats next; empty if none. */
  again: RecipeStep | '';
  /** How often it has repeated this step. */
  retries: number;
  /** Whether a create had an unknown outcome, and its znode was not found yet. */
  isUnsure: boolean;
}

export interface WorkerState extends LockState, LibraryState {
  /** The queues that it waits in. */
  places: Place[];
  /** The latches that it takes part in: lock → the operation that began it. */
  latches: Record<string, OperationId>;
  /** The nodes of latches that it led when its connection was lost. */
  suspended: { readonly key: string; readonly own: string }[];
}

export interface WorkerEvents extends LibraryEvents {
  LockAcquired: { key: string; token: number };
  LockRefused: { key: string };
  LockReleased: { key: string };
  LossNoticed: { key: string };
  ConnectionLoss: { key: string; request: string };
  NodeFound: { key: string; path: string };
  LeadershipSuspended: { key: string };
}

export interface Worker {
  state: WorkerState;
  receives: Library['receives'] & StorageAnswers;
  sends: Library['sends'] & StorageRequests;
  timers: Library['timers'] & { retry: OperationId; giveUp: OperationId };
  events: WorkerEvents;
  options: HolderOptions &
    LibraryOptions & {
      token: string;
      protected: boolean;
      watches: string;
      maxWait: Micros;
      retries: number;
      retryAfter: Micros;
    };
}

export const workerEvents: Record<keyof WorkerEvents, string> = {
  ...libraryEvents,
  LockAcquired: 'A worker has the lock, as far as it knows.',
  LockRefused: 'Another worker has the lock: this one waits in the queue, or gives up.',
  LockReleased: 'A holder released its lock: its node is deleted.',
  LossNoticed: 'A worker learned that it no longer has the lock.',
  ConnectionLoss: 'A connection ended before the reply to a request came: its outcome is unknown.',
  LeadershipSuspended:
    'The leader of a latch is disconnected: it stops leading, though its node may still be there.',
  NodeFound: 'A create of unknown outcome was executed: the worker found its node by the GUID.',
};
