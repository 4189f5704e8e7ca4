/** What observers receive of a tuple: it notes what they read of that. */
import { watchedNodes } from '../../../code/limits/watched.ts';
import { shownBy } from '../../../code/limits/views.ts';
import type { Effects } from '../../../kernel/effects.ts';
import type { Slot } from '../../../kernel/world.ts';
import type { Observation } from '../../../protocol/types.ts';
import { noting, notingNodes } from '../noting.ts';
import { NotLocal } from './local.ts';
import type { ReadOrder } from './memo.ts';

/** The parts of a step; the kind of a message is its type and its link. */
export const stepParts = 6;
const [actedPart, eventsPart, kindPart, messagePart, invokedPart, answersPart] = [0, 1, 2, 3, 4, 5];

const none: readonly never[] = Object.freeze([]);

/** The nodes of a tuple; each that is read is noted. */
export function noted(nodes: readonly Slot[], order: ReadOrder): Slot[] {
  return notingNodes(nodes as Slot[], (node) => order.note(node));
}

/** What an invariant receives of a step. */
export class Watched implements Observation<unknown> {
  constructor(
    readonly nodes: Slot[],
    private readonly effects: Effects,
    private readonly own: { readonly memory: unknown } | undefined,
    private readonly note: (part: number) => void,
    readonly time: number,
    private readonly behind: readonly Slot[],
  ) {}

  get [watchedNodes](): readonly Slot[] {
    return this.behind;
  }

  get acted(): Observation['acted'] {
    this.note(actedPart);
    const { acted } = this.effects;
    return acted < 0 ? undefined : this.nodes[acted];
  }

  get memory(): unknown {
    return this.own?.memory;
  }

  get events(): Observation['events'] {
    this.note(eventsPart);
    const { events } = this.effects;
    return events.length === 0 ? none : events.slice();
  }

  get message(): Observation['message'] {
    this.note(kindPart);
    const { message, acted, lost } = this.effects;
    if (message === null || lost || acted < 0) return undefined;
    const { from, to } = message;
    const note = (key?: string | symbol) => {
      if (key !== 'type') this.note(messagePart);
    };
    const body = noting(message.body, {
      get: (target, key) => {
        note(key);
        return Reflect.get(target, key);
      },
      note,
    });
    return Object.freeze({ from, to, body });
  }

  get invoked(): Observation['invoked'] {
    this.note(invokedPart);
    const { invoked } = this.effects;
    return invoked === null ? undefined : Object.freeze({ ...invoked });
  }

  get answers(): Observation['answers'] {
    this.note(answersPart);
    const { replies } = this.effects;
    return replies.length === 0 ? none : replies.slice();
  }

  get history(): never {
    throw new NotLocal();
  }
}

/** Which fields of the nodes something reads; all of them, if it reads more than fields. */
export class Fields {
  readonly names = new Set<string>();
  isWhole = false;

  get count(): number {
    return this.names.size + (this.isWhole ? 1 : 0);
  }

  /** A node whose reads are noted. Its parts that are not named here make it whole. */
  watch(slot: Slot): Slot {
    const note = () => {
      this.isWhole = true;
    };
    const state = noting(slot.state, {
      get: (target, key) => {
        if (key === shownBy) return target;
        if (typeof key === 'string') this.names.add(key);
        return Reflect.get(target, key);
      },
      note,
    });
    return noting(slot, {
      get: (target, key) => {
        if (key === 'state') return state;
        if (!free.has(key)) note();
        return Reflect.get(target, key);
      },
      note,
    });
  }
}

/** What never changes, and the status of a node, which is compared in any case. */
const free: ReadonlySet<string | symbol> = new Set([
  'id', 'role', 'index', 'cast', 'options', 'up', 'started', 'paused', 'status', shownBy,
]);
