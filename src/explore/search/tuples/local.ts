/**
 * What one node does in one action. It depends on the state of that node alone, so the kernel takes
 * each pair of a node's state and an action once; after that it is a table look-up.
 */
import { contentText } from '../../../kernel/data/plain.ts';
import { Effects } from '../../../kernel/effects.ts';
import { Message } from '../../../kernel/pending.ts';
import { step } from '../../../kernel/step.ts';
import type { Action } from '../../../kernel/action.ts';
import type { Slot, World } from '../../../kernel/world.ts';
import { untimedMessage, untimedSlot } from '../../fingerprint/parts.ts';
import { Interner } from '../../interning.ts';
import { boundMax } from '../successors.ts';

/** Thrown where the premise does not hold: the search then visits worlds. */
export class NotLocal extends Error {}

/** One result of an action; several, if the handler draws. */
export interface Result {
  /** The node's state after it. */
  readonly slot: number;
  /** The messages that it sent, in their order. */
  readonly sent: readonly number[];
  /** Numbers the results, for what invariants see of the step. */
  readonly step: number;
  readonly draws: readonly number[];
  /** A delivery did nothing. */
  readonly isIdle: boolean;
  /** The handler threw. */
  readonly hasFailed: boolean;
  /** The messages of the node to itself are lost: its process ended. */
  readonly losesOwn: boolean;
  readonly seen: Seen;
}

/** What invariants see of a step, beside the nodes. */
export type Seen = Pick<Effects, 'acted' | 'message' | 'invoked'> & {
  readonly events: readonly Effects['events'][number][];
  readonly answers: readonly Effects['replies'][number][];
};

export class LocalSteps {
  readonly slotTexts = new Interner();
  readonly messageTexts = new Interner();
  readonly slots: Slot[] = [];
  readonly messages: Message[] = [];
  readonly results: Result[] = [];
  /** By node state and action. */
  private readonly known: (readonly Result[] | undefined)[][] = [];
  private readonly actionTexts = new Interner();
  private readonly effects = new Effects();
  /** The first handler that read a clock. */
  clock: { node: string; action: Action } | null = null;
  hasLongDraw = false;

  constructor(private readonly start: World) {}

  slotNumber(slot: Slot): number {
    const number = this.slotTexts.of(untimedSlot(slot, all));
    if (number === this.slots.length) {
      this.slots.push(slot);
      this.known.push([]);
    }
    return number;
  }

  messageNumber(message: Message): number {
    const number = this.messageTexts.of(untimedMessage(message));
    if (number === this.messages.length) this.messages.push(message);
    return number;
  }

  /** A number for an action that is not a delivery. */
  actionNumber(action: Action): number {
    return this.actionTexts.of(contentText(action));
  }

  deliver(slot: number, message: number): readonly Result[] {
    return this.known[slot][message * 2] ?? this.take(slot, message * 2, this.messages[message]);
  }

  act(slot: number, number: number, action: Action): readonly Result[] {
    return this.known[slot][number * 2 + 1] ?? this.take(slot, number * 2 + 1, action);
  }

  private take(slot: number, key: number, action: Action | Message): readonly Result[] {
    const results: Result[] = [];
    const open: number[][] = [[]];
    for (let draws = open.pop(); draws !== undefined; draws = open.pop()) {
      const world = this.worldOf(slot, action);
      const { index } = this.slots[slot];
      const others = world.nodes.slice();
      const { network } = world;
      if (!step(world, draws.length === 0 ? action : withDraws(action, draws), this.effects)) {
        continue;
      }
      const bound = this.effects.bounds[draws.length];
      if (bound !== undefined && bound <= boundMax) {
        for (let number = bound - 1; number >= 0; number--) open.push([...draws, number]);
        continue;
      }
      if (bound !== undefined) this.hasLongDraw = true;
      if (this.effects.readsClock) this.clock ??= { node: this.slots[slot].id, action: plain(action) };
      const isLocal = world.network === network && world.nodes.every((one, i) => {
        return i === index || one === others[i];
      });
      if (!isLocal || world.queue.items.some(({ type }) => type === 'postponed')) {
        throw new NotLocal();
      }
      results.push(this.resultOf(slot, world, action, draws));
    }
    this.known[slot][key] = results;
    return results;
  }

  private worldOf(slot: number, action: Action | Message): World {
    const world = this.start.fork();
    const one = this.slots[slot];
    world.nodes[one.index] = one;
    world.queue.items.length = 0;
    if (action instanceof Message) world.queue.push(action);
    const last = one.timers.reduce((most, { serial }) => Math.max(most, serial), -1);
    while (world.queuedAt.length <= last) world.queuedAt.push(0);
    return world;
  }

  private resultOf(
    before: number,
    world: World,
    action: Action | Message,
    draws: readonly number[],
  ): Result {
    const { acted, message, invoked, events, replies, failure, lost } = this.effects;
    const slot = this.slotNumber(world.nodes[this.slots[before].index]);
    const sent = this.effects.sent.filter((one) => one.lost === '').map((one) => {
      return this.messageNumber(one);
    });
    const isSilent = sent.length === 0 && events.length === 0 && replies.length === 0;
    const isHandled = acted >= 0 && message !== null && !lost && failure === null;
    const result: Result = {
      slot,
      sent,
      step: this.results.length,
      draws,
      isIdle: isHandled && isSilent && slot === before,
      hasFailed: failure !== null,
      losesOwn: action.type === 'crash' || failure !== null,
      seen: {
        acted,
        message: message === null || lost || acted < 0 ? null : message,
        invoked,
        events: events.slice(),
        answers: replies.slice(),
      },
    };
    this.results.push(result);
    return result;
  }
}

const all = () => true;

function withDraws(action: Action | Message, draws: readonly number[]): Action {
  return { ...plain(action), draws };
}

function plain(action: Action | Message): Action {
  if (!(action instanceof Message)) return action;
  const { from, to, ordinal, copy } = action;
  return { type: 'deliver', at: 0, from, to, ordinal, copy };
}
