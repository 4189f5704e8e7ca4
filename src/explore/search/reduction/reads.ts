/** Notes what the observers of a step read, on which their findings then depend. */
import { nodesMost } from './footprint.ts';
import { InvariantMonitor } from '../../../check/invariants.ts';
import { onlooking } from '../../../check/observation.ts';
import { shownBy } from '../../../code/limits/views.ts';
import { watchedNodes } from '../../../code/limits/watched.ts';
import type { Monitor } from '../../../kernel/world.ts';
import type { Observation, Observed } from '../../../protocol/types.ts';
import { notingChanges } from '../noting.ts';
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
  /** Whether an observer changed the step that it observes, which all steps share here. */
  isChanged = false;
  /** Whether the steps that are taken now are noted. */
  isNoting = false;

  /** The nodes of the step that is observed, and what stands for each. */
  private now: readonly Observed[] = [];
  /** The step, its observer, and what that remembers. */
  private seen!: Observation<unknown>;
  private observer!: Monitor;
  private own: unknown;
  private readonly views: Observed[] = [];

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
    const { nodes } = seen;
    this.now = nodes;
    this.seen = seen;
    this.observer = observer;
    // All observers of a step see one object, which has the memory of the one that is next.
    this.own = seen.memory;
    return isOfStates ? this.stepOfStates : this.step;
  }

  private readonly stepOfStates = this.stepWith((part) => {
    if (typeof part === 'number') return;
    // Nothing is thrown here: the code that reads could catch it.
    this.isNew = true;
    this.readingSteps.add(this.observer);
  }, {
    nodes: () => this.seen.nodes,
    acted: () => this.seen.acted,
    memory: () => this.own,
  });

  private readonly step = this.stepWith((part) => this.note(part), {
    nodes: () => this.list,
    acted: () => {
      const { nodes, acted } = this.seen;
      return acted && this.viewAt(nodes.indexOf(acted)) as Observation['acted'];
    },
    memory: () => this.memories.show(this.own, this.observer),
  });

  /**
   * One object for all steps. Its parts are its own, as those of a step are: code that copies them
   * gets the same ones, and has read them.
   */
  private stepWith(note: Note, { nodes, acted, memory }: Shown): Observation<unknown> {
    const now = () => this.seen;
    const hidden = {
      get history() {
        note('history');
        return now().history;
      },
      get [watchedNodes]() {
        return now().nodes;
      },
    };
    const noted = <Part extends keyof Observation>(part: Part) => () => {
      note('step');
      return now()[part];
    };
    const parts: Record<Exclude<keyof Observation, 'history'>, () => unknown> = {
      memory, nodes,
      acted: () => {
        note('step');
        return acted();
      },
      time: () => now().time,
      events: noted('events'), message: noted('message'), invoked: noted('invoked'),
      answers: noted('answers'),
    };
    const own = Object.entries(parts).map(([name, get]) => {
      return [name, { get, enumerable: true, configurable: true }] as const;
    });
    const fields: PropertyDescriptorMap = Object.fromEntries(own);
    const step = Object.create(hidden, fields) as Observation<unknown>;
    return notingChanges(step, () => (this.isChanged = true));
  }

  /**
   * One view for the nodes of all steps at an index: views of their own for each would make garbage
   * collection the greatest cost. A node is not read by code that only looks for it.
   */
  private viewAt(index: number): Observed {
    const now = () => this.now[index];
    return (this.views[index] ??= new Proxy({} as Observed, {
      get: (_, key) => {
        const node = now();
        if (key === shownBy) return node;
        if (!constant.has(key)) this.note(index);
        return Reflect.get(node, key);
      },
      set: (_, key, value) => Reflect.set(now(), key, value),
      // No memory may keep a view, which stands for other nodes later: none is plain data.
      getPrototypeOf: () => Reflect.getPrototypeOf(now()),
      has: (_, key) => {
        this.note(index);
        return Reflect.has(now(), key);
      },
      getOwnPropertyDescriptor: (_, key) => {
        this.note(index);
        return Reflect.getOwnPropertyDescriptor(now(), key);
      },
      ownKeys: () => {
        this.note(index);
        return Reflect.ownKeys(now());
      },
    }));
  }

  /** Which nodes there are never changes in a step, so only what returns one tells something. */
  private readonly list = new Proxy([] as Observed[], {
    get: (_, key) => {
      // The node that acted is looked for in the nodes themselves: a search here would read each.
      if (key === shownBy) return this.now;
      const value: unknown = Reflect.get(this.now, key);
      return isIndex(key) && value !== undefined ? this.viewAt(Number(key)) : value;
    },
    has: (_, key) => Reflect.has(this.now, key),
    getOwnPropertyDescriptor: (_, key) => {
      if (isIndex(key)) this.note(Number(key));
      return Reflect.getOwnPropertyDescriptor(this.now, key);
    },
    ownKeys: () => Reflect.ownKeys(this.now),
  });

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

/** What an observer receives in place of parts of a step. */
interface Shown {
  readonly nodes: () => Observation['nodes'];
  readonly acted: () => Observation['acted'];
  readonly memory: () => unknown;
}

function isIndex(key: string | symbol): key is string {
  return typeof key === 'string' && key >= '0' && key < ':';
}
