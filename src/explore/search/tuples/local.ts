/**
 * What one node does in one action. It depends on the state of that node alone, so the kernel takes
 * each pair of a node's state and an action once; after that it is a table look-up.
 */
import { contentText } from '../../../kernel/data/plain.ts';
import { Effects } from '../../../kernel/effects.ts';
import { whyImpossible } from '../../../kernel/impossible.ts';
import { Message } from '../../../kernel/pending.ts';
import { step } from '../../../kernel/step.ts';
import type { Action } from '../../../kernel/action.ts';
import type { Slot, World } from '../../../kernel/world.ts';
import { type ClockReader, clockReader } from '../../clock-reader.ts';
import { untimedMessage, untimedSlot } from '../../fingerprint/parts.ts';
import { Interner } from '../../interning.ts';
import { triesAll } from '../successors.ts';

/** Thrown where the premise does not hold: the search then visits worlds. */
export class NotLocal extends Error {}

/** Thrown where a slice of a search ends, within a state: the next one goes on there. */
export class SliceOver extends Error {}

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
  readonly action: Action;
  /** What the step caused, for those that observe it. */
  readonly effects: Effects;
}

export class LocalSteps {
  readonly slotTexts = new Interner();
  readonly messageTexts = new Interner();
  readonly slots: Slot[] = [];
  readonly messages: Message[] = [];
  readonly results: Result[] = [];
  /** A step in which no node acts: a message is lost or duplicated, or the network changes. */
  readonly idle: Result;
  /** By node state and action. */
  private readonly known: (readonly Result[] | undefined)[][] = [];
  private readonly possible: boolean[][] = [];
  private readonly actionTexts = new Interner();
  private readonly actionNumbers = new WeakMap<Action, number>();
  private readonly idleResults: (Result | undefined)[] = [];
  private readonly effects = new Effects();
  /** The first handler that read a clock. */
  clock: ClockReader | null = null;
  hasLongDraw = false;
  /** How often the kernel runs until the slice is over. */
  runsLeft = Infinity;
  /** What was taken of an action before its slice was over. */
  private part: Part | undefined;

  constructor(private readonly start: World) {
    const action: Action = { type: 'heal', at: start.time };
    this.idle = {
      slot: -1, sent: [], step: 0, draws: [], isIdle: true, hasFailed: false, losesOwn: false,
      action, effects: new Effects(),
    };
    this.results.push(this.idle);
  }

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
  private actionNumber(action: Action): number {
    let number = this.actionNumbers.get(action);
    if (number === undefined) {
      number = this.actionTexts.of(contentText(action));
      this.actionNumbers.set(action, number);
    }
    return number;
  }

  /** An action in which no node acts. */
  without(action: Action): Result {
    const key = this.actionNumber(action);
    const known = this.idleResults[key];
    if (known !== undefined) return known;
    const result: Result = { ...this.idle, action, step: this.results.length };
    this.results.push(result);
    return (this.idleResults[key] = result);
  }

  deliver(slot: number, message: number): readonly Result[] {
    return this.known[slot][message * 2] ?? this.take(slot, message * 2, this.messages[message]);
  }

  act(slot: number, action: Action): readonly Result[] {
    const key = this.actionNumber(action) * 2 + 1;
    return this.known[slot][key] ?? this.take(slot, key, action);
  }

  /** Whether a node can act so at all; nothing is run for it. */
  isPossible(slot: number, action: Action): boolean {
    const key = this.actionNumber(action) * 2 + 1;
    const known = this.known[slot][key];
    if (known !== undefined) return known.length > 0;
    const possible = (this.possible[slot] ??= []);
    return (possible[key] ??= whyImpossible(this.worldOf(slot, action), action) === undefined);
  }

  get size(): number {
    return this.start.nodes.length;
  }

  get bytes(): number {
    const { slotTexts, messageTexts, actionTexts, slots, messages, results } = this;
    const texts = slotTexts.bytes + messageTexts.bytes + actionTexts.bytes;
    return texts + slots.length * slotBytes + messages.length * 300 + results.length * resultBytes;
  }

  private take(slot: number, key: number, action: Action | Message): readonly Result[] {
    const isPart = this.part?.slot === slot && this.part.key === key;
    const part: Part = isPart ? this.part! : { slot, key, results: [], open: [[]] };
    const { results, open } = part;
    while (open.length > 0) {
      if (this.runsLeft-- <= 0) {
        this.part = part;
        throw new SliceOver();
      }
      const draws = open.pop()!;
      const world = this.worldOf(slot, action);
      const { index } = this.slots[slot];
      const others = world.nodes.slice();
      const { network } = world;
      if (!step(world, draws.length === 0 ? action : withDraws(action, draws), this.effects)) {
        continue;
      }
      const bound = this.effects.bounds[draws.length];
      if (bound !== undefined && triesAll(this.effects.bounds, draws.length)) {
        for (let number = bound - 1; number >= 0; number--) open.push([...draws, number]);
        continue;
      }
      if (bound !== undefined) this.hasLongDraw = true;
      this.clock ??= clockReader(world, plain(action), this.effects) ?? null;
      const isLocal = world.network === network && world.nodes.every((one, i) => {
        return i === index || one === others[i];
      });
      if (!isLocal || world.queue.items.some(({ type }) => type === 'postponed')) {
        throw new NotLocal();
      }
      results.push(this.resultOf(slot, world, action, draws));
    }
    this.part = undefined;
    this.known[slot][key] = results;
    return results;
  }

  private worldOf(slot: number, action: Action | Message): World {
    const world = this.start.fork([]);
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
    const { acted, message, failure, lost } = this.effects;
    const slot = this.slotNumber(world.nodes[this.slots[before].index]);
    const sent = this.effects.sent.filter((one) => one.lost === '').map((one) => {
      return this.messageNumber(one);
    });
    const { events, replies } = this.effects;
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
      action: plain(action),
      effects: kept(this.effects),
    };
    this.results.push(result);
    return result;
  }
}

interface Part {
  readonly slot: number;
  readonly key: number;
  readonly results: Result[];
  /** The draws that are still to be tried. */
  readonly open: number[][];
}

/** What a node state takes, roughly, with its steps; and what a result takes. */
const slotBytes = 2_000;
const resultBytes = 500;

const all = () => true;

/** What observers of a step see of its effects; the kernel uses the object itself again. */
function kept({ acted, message, lost, invoked, failure, events, replies }: Effects): Effects {
  const effects = new Effects();
  Object.assign(effects, { acted, message, lost, invoked, failure });
  effects.events.push(...events);
  effects.replies.push(...replies);
  return effects;
}

function withDraws(action: Action | Message, draws: readonly number[]): Action {
  return { ...plain(action), draws };
}

function plain(action: Action | Message): Action {
  if (!(action instanceof Message)) return action;
  const { from, to, ordinal, copy } = action;
  return { type: 'deliver', at: 0, from, to, ordinal, copy };
}
