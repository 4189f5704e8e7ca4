/** Notes what the observers of a step read, on which their findings then depend. */
import { noting } from '../noting.ts';
import { nodesMost } from './footprint.ts';
import { InvariantMonitor } from '../../../check/invariants.ts';
import { onlooking } from '../../../check/observation.ts';
import { shownBy } from '../../../code/limits/views.ts';
import { watchedNodes } from '../../../code/limits/watched.ts';
import type { Monitor } from '../../../kernel/world.ts';
import type { Observation, Observed } from '../../../protocol/types.ts';
import type { Memories, WholeMemories } from './memories.ts';

/** What a search has learned of observers, when it begins again. */
export interface Learned {
  /** The invariants that read more than nodes. */
  readonly readingSteps: Set<Monitor>;
  readonly wholeMemories: WholeMemories;
}

export const nothingLearned = (): Learned => {
  return { readingSteps: new Set(), wholeMemories: new Set() };
};

export class Reads {
  /** Bits by index of nodes. */
  nodes = 0;
  /** Whether something was read that any choice may change. */
  isAll = false;
  /** Whether what was taken for an invariant of states alone reads its step. */
  isNew = false;
  /** Whether the steps that are taken now are noted. */
  isNoting = false;

  private readonly views = new WeakMap<Observed, Observed>();

  constructor(
    private readonly readingSteps: Learned['readingSteps'],
    private readonly memories: Memories,
  ) {}

  reset(): void {
    this.nodes = 0;
    this.isAll = false;
    this.memories.reset();
  }

  /** Notes what observers read while `act` takes steps. */
  during<Result>(act: () => Result): Result {
    this.isNoting = true;
    try {
      return onlooking((seen, observer) => this.shown(seen, observer), act);
    } finally {
      this.isNoting = false;
    }
  }

  /** Takes steps that are not noted. */
  without<Result>(act: () => Result): Result {
    return onlooking((seen) => seen, act);
  }

  /**
   * What reads only nodes and remembers nothing is judged in each state, and each state is
   * visited: it does not matter which step leads there.
   */
  private shown(seen: Observation<unknown>, observer: Monitor): Observation<unknown> {
    const isOfStates = observer instanceof InvariantMonitor
      && observer.invariant.remember === undefined && !this.readingSteps.has(observer);
    if (!isOfStates) return new NotedStep(seen, this.note, this.viewOf, this.memoryFor(observer));
    return new NotedStep(seen, (part) => {
      if (typeof part === 'number') return;
      // Nothing is thrown here: the code that reads could catch it.
      this.isNew = true;
      this.readingSteps.add(observer);
    });
  }

  private memoryFor(observer: Monitor): (own: unknown) => unknown {
    return (own) => this.memories.show(own, observer);
  }

  /** A node is not read by code that only looks for it. */
  private readonly viewOf = (node: Observed, index: number): Observed => {
    let view = this.views.get(node);
    if (view === undefined) {
      const note = () => this.note(index);
      view = noting(node, {
        get: (target, key) => {
          if (key === shownBy) return target;
          if (!constant.has(key)) note();
          return Reflect.get(target, key);
        },
        note,
      });
      this.views.set(node, view);
    }
    return view;
  };

  private readonly note: Note = (part) => {
    if (part === 'step') return;
    if (part === 'history' || part >= nodesMost) this.isAll = true;
    else this.nodes |= 1 << part;
  };
}

/** What was read: a node by its index, what the step did, or the history of operations. */
type Note = (part: number | 'step' | 'history') => void;

/** What never changes of a node. */
const constant: ReadonlySet<string | symbol> = new Set(['id', 'role']);

class NotedStep implements Observation<unknown> {
  readonly time: number;
  private readonly own: unknown;
  private all: Observation['nodes'] | undefined;

  constructor(
    private readonly seen: Observation<unknown>,
    private readonly note: Note,
    /** What stands for a node, and for a memory; absent if it is the node or the memory itself. */
    private readonly viewOf?: (node: Observed, index: number) => Observed,
    private readonly show: (own: unknown) => unknown = (own) => own,
  ) {
    this.time = seen.time;
    // All observers of a step see one object, which has the memory of the one that is next.
    this.own = seen.memory;
  }

  get [watchedNodes](): Observation['nodes'] {
    return this.seen.nodes;
  }

  get memory(): unknown {
    return this.show(this.own);
  }

  get nodes(): Observation['nodes'] {
    return (this.all ??= this.viewOf === undefined ? this.seen.nodes : this.views(this.viewOf));
  }

  private views(viewOf: (node: Observed, index: number) => Observed): Observation['nodes'] {
    const { note } = this;
    // Which nodes there are never changes, so only what returns one can tell something.
    return new Proxy(this.seen.nodes, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        return isIndex(key) && value !== undefined ? viewOf(value as Observed, Number(key)) : value;
      },
      getOwnPropertyDescriptor: (target, key) => {
        if (isIndex(key)) note(Number(key));
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
    });
  }

  get acted(): Observation['acted'] {
    this.note('step');
    const { acted, nodes } = this.seen;
    if (acted === undefined || this.viewOf === undefined) return acted;
    return this.viewOf(acted, nodes.indexOf(acted)) as Observation['acted'];
  }

  get events(): Observation['events'] {
    this.note('step');
    return this.seen.events;
  }

  get message(): Observation['message'] {
    this.note('step');
    return this.seen.message;
  }

  get invoked(): Observation['invoked'] {
    this.note('step');
    return this.seen.invoked;
  }

  get answers(): Observation['answers'] {
    this.note('step');
    return this.seen.answers;
  }

  get history(): Observation['history'] {
    this.note('history');
    return this.seen.history;
  }
}

function isIndex(key: string | symbol): key is string {
  return typeof key === 'string' && key >= '0' && key < ':';
}
