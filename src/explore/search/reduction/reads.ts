/** Notes which other nodes the observers of a step read, on which their findings then depend. */
import { notingNodes } from '../noting.ts';
import { nodesMost } from './footprint.ts';
import { InvariantMonitor } from '../../../check/invariants.ts';
import { onlooking } from '../../../check/observation.ts';
import { watchedNodes } from '../../../code/limits/watched.ts';
import type { Monitor } from '../../../kernel/world.ts';
import type { Observation } from '../../../protocol/types.ts';

/** The invariants that read more than nodes, which is known once they have done so. */
export type ReadingSteps = Set<Monitor>;

export class Reads {
  /** Bits by index of nodes. */
  nodes = 0;
  /** Whether something was read that any choice may change. */
  isAll = false;
  /** Whether what was taken for an invariant of states alone reads its step. */
  isNew = false;
  /** Whether the steps that are taken now are noted. */
  isNoting = false;

  constructor(private readonly readingSteps: ReadingSteps) {}

  reset(): void {
    this.nodes = 0;
    this.isAll = false;
  }

  /** Notes what observers read while `act` takes steps. */
  during<Result>(act: () => Result): Result {
    this.isNoting = true;
    try {
      return onlooking((seen, observer) => new NotedStep(seen, this.noteFor(observer)), act);
    } finally {
      this.isNoting = false;
    }
  }

  /**
   * What reads only nodes and remembers nothing is judged in each state, and each state is
   * visited: it does not matter which step leads there.
   */
  private noteFor(observer: Monitor): Note {
    const isOfStates = observer instanceof InvariantMonitor
      && observer.invariant.remember === undefined && !this.readingSteps.has(observer);
    if (!isOfStates) return this.note;
    return (part) => {
      if (typeof part === 'number') return;
      // Nothing is thrown here: the code that reads could catch it.
      this.isNew = true;
      this.readingSteps.add(observer);
    };
  }

  private readonly note: Note = (part) => {
    if (part === 'step') return;
    if (part === 'history' || part >= nodesMost) this.isAll = true;
    else this.nodes |= 1 << part;
  };
}

/** What was read: a node by its index, what the step did, or the history of operations. */
type Note = (part: number | 'step' | 'history') => void;

class NotedStep implements Observation<unknown> {
  readonly time: number;
  readonly memory: unknown;
  private all: Observation['nodes'] | undefined;

  constructor(
    private readonly seen: Observation<unknown>,
    private readonly note: Note,
  ) {
    this.time = seen.time;
    this.memory = seen.memory;
  }

  get [watchedNodes](): Observation['nodes'] {
    return this.seen.nodes;
  }

  get nodes(): Observation['nodes'] {
    const { note } = this;
    return (this.all ??= notingNodes(this.seen.nodes, note));
  }

  get acted(): Observation['acted'] {
    this.note('step');
    return this.seen.acted;
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
