/** A world as parts that name nodes, without time: the same that its fingerprint is made of. */
import { DerivedEventMonitor } from '../../check/derived-events.ts';
import { InvariantMonitor } from '../../check/invariants.ts';
import { forever } from '../../kernel/disk/state.ts';
import { isOwn, type Message, type Pending } from '../../kernel/pending.ts';
import type { Network } from '../../kernel/network/network.ts';
import type { Slot, Timer, World } from '../../kernel/world.ts';
import type { FaultBudget } from '../budgets.ts';
import { bySending, keepsMessages, type Setting } from '../choices.ts';
import { progressOf } from '../fingerprint/fingerprint.ts';
import { answersText, monitorText } from '../fingerprint/memory.ts';
import { judgesSpent } from '../promises.ts';
import type { Interner } from '../interning.ts';
import { Part } from './canonical.ts';
import { type AlikeIds, Bag } from './renaming.ts';

/** A part with its value, its two lists of numbers, and the map of these. */
const partBytes = 500;

export class WorldParts {
  private readonly slots = new WeakMap<Slot, Part>();
  private readonly pending = new WeakMap<Pending, Part[]>();
  private readonly networks = new WeakMap<Network, Part>();
  private readonly memories = new WeakMap<readonly unknown[], Part>();
  private readonly budgets = new WeakMap<FaultBudget, Part>();
  /** By the number of its text. */
  private readonly known: (Part | undefined)[] = [];
  private count = 0;
  private readonly keeps: boolean;

  constructor(
    private readonly setting: Setting,
    private readonly ids: AlikeIds,
    private readonly texts: Interner,
  ) {
    this.keeps = keepsMessages(setting);
  }

  /** What the parts take, roughly, beside their texts. */
  get bytes(): number {
    return this.known.length * 8 + this.count * partBytes;
  }

  of(world: World, left: FaultBudget): Part[] {
    const parts = world.nodes.map((slot) => this.ofNode(slot));
    parts.push(this.ofNetwork(world));
    parts.push(this.ofMemories(world));
    parts.push(this.cached(this.budgets, left, () => this.budgetValue(left)));
    this.addMessages(parts, world);
    for (const one of world.queue.items) {
      if (one.type === 'postponed') parts.push(this.pendingPart(one, 0, '', postponedValue(one)));
    }
    return parts;
  }

  ofNode(slot: Slot): Part {
    return this.cached(this.slots, slot, () => ['node', slotValue(slot)]);
  }

  /** `place`: among the messages of its link, if that keeps their order; 0 if it does not. */
  ofMessage(message: Message, place: number): Part {
    return this.pendingPart(message, place, '', messageValue(message));
  }

  ofNetwork(world: World): Part {
    return this.cached(this.networks, world.network, () => ['network', networkValue(world)]);
  }

  ofMemories(world: World): Part {
    return this.cached(this.memories, world.memories, () => ['memory', memoryValue(world)]);
  }

  ofFaults(left: readonly number[]): Part {
    return this.part(['budget', ...left]);
  }

  private cached<Key extends object>(
    known: WeakMap<Key, Part>,
    key: Key,
    valueOf: () => unknown,
  ): Part {
    let part = known.get(key);
    if (part === undefined) known.set(key, (part = this.part(valueOf())));
    return part;
  }

  /** Equal parts are one, which keeps what is known of it. */
  private part(value: unknown): Part {
    const number = this.texts.of(this.ids.textOf(value, this.ids.ids));
    const known = this.known[number];
    if (known !== undefined) return known;
    this.count++;
    return (this.known[number] = new Part(value, this.ids, this.texts));
  }

  /** Each for itself; but on a link that keeps its order, with its place. */
  private addMessages(parts: Part[], world: World): void {
    const progress = progressOf(world);
    const held = world.nodes.flatMap((slot) => slot.held);
    const messages = [...world.queue.items, ...held].filter((one) => one.type === 'deliver');
    const places = new Map<number, number>();
    const seen = new Set<number>();
    for (const message of messages.sort(bySending)) {
      const answers = answersText(progress, message.cause);
      const line = this.lineOf(world, message);
      const place = line < 0 ? 0 : (places.get(line) ?? 0) + 1;
      if (place > 0) places.set(line, place);
      const part = this.pendingPart(message, place, answers, messageValue(message));
      if (place === 0 && this.keeps && !isOwn(message)) {
        const number = part.number(this.ids.ids);
        if (seen.has(number)) continue;
        seen.add(number);
      }
      parts.push(part);
    }
  }

  /** The link on which the message keeps its place; −1 if others may overtake it. */
  private lineOf({ network, plan }: World, { fromIndex, toIndex }: Message): number {
    if (this.keeps && fromIndex !== toIndex) return -1;
    const link = fromIndex * plan.size + toIndex;
    return network.links[link].reorder ? -1 : link;
  }

  private pendingPart(pending: Pending, place: number, answers: string, value: unknown): Part {
    if (answers !== '') return this.part([value, place, answers]);
    let known = this.pending.get(pending);
    if (known === undefined) this.pending.set(pending, (known = []));
    return (known[place] ??= this.part([value, place, answers]));
  }

  private budgetValue(left: FaultBudget): unknown {
    const { scenario, faults } = this.setting;
    const isWhole = left === faults && scenario !== undefined && judgesSpent(scenario);
    return ['budget', left.crashes, left.drops, left.duplicates, left.partitions, isWhole];
  }
}

function slotValue(slot: Slot): unknown {
  const { id, role, up, started, paused, powered, plugged, state, disk, fsync } = slot;
  const { slow, stalledUntil, writes } = fsync;
  return [
    id, role, up, started, paused, powered, plugged, state, disk,
    slow > 0, stalledUntil > 0, stalledUntil === forever,
    writes.map(({ fields, outputs, isDone }) => [fields, outputs, isDone]),
    new Bag(slot.timers.filter(({ isSet }) => isSet).map(timerValue)),
    slot.operations.map((one) => [one.id, one.name, one.args]),
    new Bag(slot.held.filter((one) => one.type === 'postponed').map(postponedValue)),
    slot.invoked,
  ];
}

function timerValue({ name, key, data }: Timer): unknown {
  return [name, key, data];
}

function messageValue({ from, to, body, isSignal, hasArrived }: Message): unknown {
  return [from, to, body, isSignal, hasArrived];
}

function postponedValue({ action }: Extract<Pending, { type: 'postponed' }>): unknown {
  return ['postponed', { ...action, at: 0 }];
}

/** By the names of both nodes, unless all links are as they were and the same. */
function networkValue({ network, nodes }: World): unknown {
  const { links, cut, base } = network;
  const { length: size } = nodes;
  const rule = ({ loss, duplicate, reorder }: typeof base) => [loss, duplicate, reorder];
  const isPlain = !network.isCut && nodes.every((_, from) => nodes.every((__, to) => {
    const link = from * size + to;
    return (from === to || links[link] === base) && !network.isSevered(from, to);
  }));
  if (isPlain) return rule(base);
  return new Bag(nodes.flatMap(({ id: one }, from) => nodes.map(({ id: other }, to) => {
    const link = from * size + to;
    return [one, other, rule(links[link]), cut[link], network.isSevered(from, to)];
  })));
}

/** As `memoryText` has it, but with the names of nodes in it. */
function memoryValue({ monitors, memories }: World): unknown {
  return monitors.map((monitor, i) => {
    if (monitor.isNote === true) return null;
    // oxlint-disable-next-line typescript/no-explicit-any -- each monitor has its own
    const memory = memories[i] as any;
    if (monitor instanceof InvariantMonitor || monitor instanceof DerivedEventMonitor) {
      return [memory.own, memory.violated !== null];
    }
    // The steps of a scenario name no alike node.
    return monitorText(monitor, memory);
  });
}
