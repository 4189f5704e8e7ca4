/** Every place of a run that has a shape, within limits that bound the search of a long run. */

import type { Lane } from '../lane.ts';
import { Knowing, type NodeEvent } from './knowing.ts';
import { nameOf, reportsOf, type Shape, type ShapeEvent } from './shape.ts';

/** From its first event to its last, a place has at most so many steps. */
export const spanMost = 2_000;
/** From each event with which a place may begin: so many steps are looked at, or events tried. */
const workMost = 8_000;
const tryCost = 16;
/** More places are not counted. */
export const placesMost = 10_000;

/** The events of a place, in the order of the shape. */
export type Found = readonly NodeEvent[];

export interface Finding {
  readonly places: Found[];
  /** How far it was searched: from 0 to 1. */
  share: number;
  /** Beginnings that were left before all was tried, and whether there are too many places. */
  left: number;
}

/**
 * An event is in one place at most, so places are counted once, however many events of a shape are
 * alike. Yields now and then.
 */
export function* findShape(lane: Lane, shape: Shape, into: Finding): Generator<void> {
  const { count } = lane;
  const fitting = new Fitting(lane, shape);
  const used = new Uint8Array(count);
  const search = new Search(lane, shape, fitting, used);
  for (let step = 0; step < count && into.places.length < placesMost; step++) {
    if (step % 32 === 31) {
      into.share = step / count;
      yield;
    }
    if (used[step] || fitting.at(step) === 0) continue;
    const found = search.from(step);
    if (found === 'left') into.left++;
    else if (found !== undefined) {
      for (const event of found) used[event.step] = 1;
      into.places.push(found);
    }
  }
  into.share = 1;
}

/** By step, how many of its messages have arrived, and in which step the last of them. */
interface Sent {
  readonly count: Uint16Array;
  readonly last: Float64Array;
}

function sentIn(lane: Lane): Sent {
  const count = new Uint16Array(lane.count);
  const last = new Float64Array(lane.count);
  for (let row = 0; row < lane.messageCount; row++) {
    const { step, to, sentStep } = lane.message(row);
    if (lane.nodes.at(step) !== to || sentStep >= lane.count) continue;
    count[sentStep]!++;
    last[sentStep] = Math.max(last[sentStep]!, step);
  }
  return { count, last };
}

/** Which events of the shape a step may be, as bits. */
class Fitting {
  private readonly known = new Map<string, number>();
  private readonly bits: Uint8Array;
  private readonly isKnown: Uint8Array;

  constructor(
    private readonly lane: Lane,
    private readonly shape: Shape,
  ) {
    this.bits = new Uint8Array(lane.count);
    this.isKnown = new Uint8Array(lane.count);
  }

  at(step: number): number {
    if (this.isKnown[step] === 0) {
      this.isKnown[step] = 1;
      this.bits[step] = this.bitsAt(step);
    }
    return this.bits[step]!;
  }

  private bitsAt(step: number): number {
    const { lane, shape, known } = this;
    const node = lane.nodes.at(step);
    if (node < 0) return 0;
    const role = lane.view.nodes[node]?.role ?? '';
    const name = nameOf(lane, step);
    const reports = shape.some((one) => one.reports.length > 0)
      ? reportsOf(lane, { step, node }) : [];
    const key = `${role}\n${name}\n${reports.join()}`;
    let bits = known.get(key);
    if (bits === undefined) {
      bits = 0;
      shape.forEach((event, index) => {
        if (fits(event, role, name, reports)) bits! |= 1 << index;
      });
      known.set(key, bits);
    }
    return bits;
  }
}

function fits(event: ShapeEvent, role: string, name: string, reports: readonly string[]): boolean {
  return (event.role === undefined || event.role === role) &&
    (event.name === undefined || event.name === name) &&
    event.reports.every((report) => reports.includes(report));
}

/** Tries the steps after a beginning in their order, and goes back if they lead nowhere. */
class Search {
  private readonly knowing: Knowing[];
  private readonly chosen: (NodeEvent | undefined)[] = [];
  private readonly order: number[] = [];
  private work = 0;
  private readonly sent: Sent;
  /** By event of the shape, which later ones receive a message of it. */
  private readonly receivers: readonly (readonly number[])[];

  constructor(
    private readonly lane: Lane,
    private readonly shape: Shape,
    private readonly fitting: Fitting,
    private readonly used: Uint8Array,
  ) {
    this.knowing = shape.map(() => new Knowing(lane));
    this.sent = sentIn(lane);
    this.receivers = shape.map((_, index) => {
      return shape.flatMap(({ relations }, later) => {
        return relations[index] === 'message' ? [later] : [];
      });
    });
  }

  from(step: number): Found | 'left' | undefined {
    this.work = 0;
    this.chosen.length = this.order.length = 0;
    const end = Math.min(this.lane.count, step + spanMost);
    if (this.tryStep(step, end, true)) return [...this.chosen] as NodeEvent[];
    return this.work > workMost ? 'left' : undefined;
  }

  /** Whether the rest of the shape is found from a step on; `isBeginning`: this step is in it. */
  private search(first: number, end: number): boolean {
    if (this.order.length === this.shape.length) return true;
    const until = this.endFor(end);
    for (let step = first; step < until && this.work <= workMost; step++) {
      this.work++;
      if (this.used[step] !== 1 && this.tryStep(step, end, false)) return true;
    }
    return false;
  }

  /** What must receive a message of a chosen event cannot be later than the last of them. */
  private endFor(end: number): number {
    return this.order.reduce((least, index) => {
      const waits = this.receivers[index]!.some((one) => this.chosen[one] === undefined);
      return waits ? Math.min(least, this.sent.last[this.chosen[index]!.step]! + 1) : least;
    }, end);
  }

  private tryStep(step: number, end: number, isBeginning: boolean): boolean {
    const bits = this.fitting.at(step);
    if (bits === 0) return false;
    const event = { step, node: this.lane.nodes.at(step) };
    for (let index = 0; index < this.shape.length; index++) {
      if (!(bits & (1 << index)) || this.chosen[index] !== undefined) continue;
      if (!isBeginning) this.work += tryCost;
      if (!this.canBe(index, event)) continue;
      this.chosen[index] = event;
      this.order.push(index);
      this.knowing[index]!.of(event);
      if (this.search(step + 1, end)) return true;
      this.order.pop();
      this.chosen[index] = undefined;
    }
    return false;
  }

  /** Whether an event can be this one of the shape, beside those that were chosen before it. */
  private canBe(index: number, event: NodeEvent): boolean {
    const { shape, lane, chosen } = this;
    const own = shape[index]!;
    if (this.sent.count[event.step]! < this.receivers[index]!.length) return false;
    // What must be known to it comes first.
    const lacks = own.relations.some((relation, earlier) => {
      return relation !== 'concurrent' && chosen[earlier] === undefined;
    });
    if (lacks) return false;
    return this.order.every((other) => {
      const { step, node } = chosen[other]!;
      if ((node === event.node) !== (shape[other]!.node === own.node)) return false;
      // If it was chosen earlier, but is later in the shape, only concurrent events fit.
      const relation = other < index ? own.relations[other] : shape[other]!.relations[index];
      if (other > index && relation !== 'concurrent') return false;
      if (relation === 'message') {
        const message = lane.received(event.step);
        return message?.sentStep === step && message.from === node;
      }
      return this.knowing[other]!.isKnownTo(event) === (relation === 'before');
    });
  }
}
