/** What observers receive of a tuple: it notes what they read of that. */
import { watchedNodes } from '../../../code/limits/watched.ts';
import { shownBy } from '../../../code/limits/views.ts';
import type { Effects } from '../../../kernel/effects.ts';
import type { Slot } from '../../../kernel/world.ts';
import type { Observation } from '../../../protocol/types.ts';
import { noting, notingChanges, notingNodes } from '../noting.ts';
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

/** What an invariant receives of a step, and who notes what it reads of that. */
interface Step {
  readonly nodes: Slot[];
  readonly effects: Effects;
  readonly own: { readonly memory: unknown } | undefined;
  readonly note: (part: number) => void;
  /** Called when the invariant changes the step, or reads what a tuple does not have. */
  readonly leaves: () => void;
  readonly time: number;
  readonly behind: readonly Slot[];
}

/** Its parts are its own, as those of a step are: code may copy them, and has read them then. */
export function watchedStep({
  nodes, effects, own, note, leaves, time, behind,
}: Step): Observation<unknown> {
  const step = {
    __proto__: new Hidden(behind, leaves),
    nodes,
    time,
    get acted() {
      note(actedPart);
      return effects.acted < 0 ? undefined : nodes[effects.acted];
    },
    get memory() {
      return own?.memory;
    },
    get events() {
      note(eventsPart);
      return effects.events.length === 0 ? none : effects.events.slice();
    },
    get message() {
      note(kindPart);
      const { message, acted, lost } = effects;
      if (message === null || lost || acted < 0) return undefined;
      return watchedMessage(message, note);
    },
    get invoked() {
      note(invokedPart);
      return effects.invoked === null ? undefined : Object.freeze({ ...effects.invoked });
    },
    get answers() {
      note(answersPart);
      return effects.replies.length === 0 ? none : effects.replies.slice();
    },
  };
  return notingChanges(step as unknown as Observation<unknown>, leaves);
}

/** What is not copied with a step. */
class Hidden {
  readonly [watchedNodes]: readonly Slot[];

  constructor(behind: readonly Slot[], private readonly leaves: () => void) {
    this[watchedNodes] = behind;
  }

  get history(): never {
    this.leaves();
    throw new NotLocal();
  }
}

function watchedMessage(
  { from, to, body: whole }: NonNullable<Effects['message']>,
  noteStep: (part: number) => void,
): Observation['message'] {
  const note = (key?: string | symbol) => {
    if (key !== 'type') noteStep(messagePart);
  };
  const body = noting(whole, {
    get: (target, key) => {
      note(key);
      return Reflect.get(target, key);
    },
    note,
  });
  return Object.freeze({ from, to, body });
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
