/** A run: the actions taken, and checkpoints from which any moment of it is replayed. */
import type { Micros, NodeId } from '../protocol/types.ts';
import type { Action } from './action.ts';
import { type CausalRecord, isUnsent } from './causality/causal-record.ts';
import type { Effects } from './effects.ts';
import { nodesMax } from './joining.ts';
import type { Message, Pending } from './pending.ts';
import type { Plan } from './plan.ts';
import { Snapshot } from './snapshot.ts';
import { step } from './step.ts';
import type { World } from './world.ts';

/** How many steps apart checkpoints are, near the end of a run and at most. */
const nearGap = 8_192;
const farGap = 32_768;
/** Checkpoints are thinned out further than this many near gaps from the end. */
const density = 128;
/**
 * After a step back, forks are kept this many steps before the new moment: another step back is
 * likely, and is then short.
 */
const trail = [64, 512];

/**
 * A link is stored as `from * linkStride + to`, whatever the number of nodes, which may grow. Its
 * 14 bits fit beside the 36 of a message, because a column has whole numbers of 53 bits.
 */
const linkStride = nodesMax;

/** How many copies of one message its column has room for. Others are stored as objects. */
const copiesMost = 16;

/** How many forks are kept. */
const forksMost = 6;

const enum Kind {
  Deliver,
  Fire,
  Other,
}

/** The column of kinds has room for two facts besides: no node acted, no node sent the message. */
const kindBits = 3;
const unacted = 4;
const unsent = 8;

/** What a run records of the effects of a step. */
type Recorded = Pick<Effects, 'acted' | 'cause' | 'message'>;

/**
 * Actions are stored in columns, 21 bytes each, and their effects are recomputed by replay. A run
 * may be a branch of another: then it shares the first `base` actions of that one.
 */
export class Run implements CausalRecord {
  /** The plan at the end of the run, which has all nodes that were added. */
  private plan: Plan;
  private kinds = new Uint8Array(1_024);
  private subjects = new Float64Array(1_024);
  private moments = new Float64Array(1_024);
  private causes = new Int32Array(1_024);
  private others: Action[] = [];
  private alarms: { timer: string; key: string }[][] = [];
  private count = 0;
  private checkpoints: Snapshot[] = [];
  /** Forks near the cursor, by step. They are never stepped themselves. */
  private forks: World[] = [];
  /** The step of the moment that was requested last; −1 if none was, which stands for the end. */
  private requested = -1;

  /** `origin` is the world after `base` actions. It is packed, and may change afterwards. */
  constructor(
    origin: World,
    readonly parent: Run | null = null,
    readonly base = 0,
  ) {
    this.plan = origin.plan;
    this.checkpoints.push(new Snapshot(origin));
  }

  /** How many actions lead to the end of this run, including those of the runs it branched from. */
  get length(): number {
    return this.base + this.count;
  }

  /** Takes an action on `world`, which must be at the end of this run, and records it. */
  take(world: World, action: Action | Pending, effects: Effects): boolean {
    if (!step(world, action, effects)) return false;
    this.record(world, action, effects);
    return true;
  }

  /** Records an action that was just taken on `world`. */
  record(world: World, action: Action | Pending, effects: Recorded): void {
    const at = this.count;
    if (at === this.kinds.length) this.grow();
    this.count = at + 1;
    this.moments[at] = world.time;
    this.causes[at] = effects.cause;
    this.plan = world.plan;
    const { acted, message } = effects;
    const facts = (acted < 0 ? unacted : 0) | (message !== null && isUnsent(message) ? unsent : 0);
    if (isNumbered(action)) {
      this.kinds[at] = Kind.Deliver | facts;
      const link = action.fromIndex * linkStride + action.toIndex;
      this.subjects[at] = link * 0x10_0000_0000 + action.ordinal * copiesMost + action.copy;
    } else if (action.type === 'fire' && 'nodeIndex' in action) {
      this.kinds[at] = Kind.Fire | facts;
      this.subjects[at] = action.nodeIndex * 0x10_0000 + action.timerIndex;
      const alarms = (this.alarms[action.nodeIndex] ??= []);
      alarms[action.timerIndex] ??= { timer: action.timer, key: action.key };
    } else {
      this.kinds[at] = Kind.Other | facts;
      this.subjects[at] = this.others.length;
      this.others.push(asAction(action));
    }
    if (this.length % nearGap === 0) this.checkpoint(world);
  }

  /** The action of step `number`; the first step is 1. */
  action(number: number): Action {
    if (number <= this.base) return this.parent!.action(number);
    const i = number - this.base - 1;
    const at = this.moments[i];
    const subject = this.subjects[i];
    switch (kindOf(this.kinds[i])) {
      case Kind.Deliver: {
        const link = Math.floor(subject / 0x10_0000_0000);
        const rest = subject - link * 0x10_0000_0000;
        const [from, to] = this.ends(link);
        const ordinal = Math.floor(rest / copiesMost);
        return { type: 'deliver', at, from, to, ordinal, copy: rest % copiesMost };
      }
      case Kind.Fire: {
        const node = Math.floor(subject / 0x10_0000);
        const alarm = this.alarms[node][subject % 0x10_0000];
        return { type: 'fire', at, node: this.plan.cast[node].id, ...alarm };
      }
      case Kind.Other:
        return { ...this.others[subject], at };
    }
  }

  /** The step that caused step `number`: 0 for the start, −1 if none did. */
  cause(number: number): number {
    return number <= this.base ? this.parent!.cause(number) : this.causes[number - this.base - 1];
  }

  /** All nodes at the end of the run, by index. */
  get nodes(): readonly { readonly id: NodeId }[] {
    return this.plan.cast;
  }

  get booted(): readonly boolean[] {
    return this.before(0).restore().nodes.map(({ started }) => started);
  }

  acted(number: number): number {
    if (number <= this.base) return this.parent === null ? -1 : this.parent.acted(number);
    const i = number - this.base - 1;
    const kind = this.kinds[i];
    if ((kind & unacted) !== 0) return -1;
    switch (kindOf(kind)) {
      case Kind.Deliver:
        return Math.floor(this.subjects[i] / 0x10_0000_0000) % linkStride;
      case Kind.Fire:
        return Math.floor(this.subjects[i] / 0x10_0000);
      case Kind.Other:
        return this.plan.indexOf.get(nodeOf(this.others[this.subjects[i]])) ?? -1;
    }
  }

  sender(number: number): number {
    if (number <= this.base) return this.parent === null ? -1 : this.parent.sender(number);
    const i = number - this.base - 1;
    const kind = this.kinds[i];
    if ((kind & unsent) !== 0 || kindOf(kind) === Kind.Fire) return -1;
    if (kindOf(kind) === Kind.Other) {
      const action = this.others[this.subjects[i]];
      const isCopied = action.type === 'duplicate';
      const isReceived = action.type === 'deliver' && (kind & unacted) === 0;
      return isCopied || isReceived ? (this.plan.indexOf.get(action.from) ?? -1) : -1;
    }
    if ((kind & unacted) !== 0) return -1;
    return Math.floor(this.subjects[i] / (0x10_0000_0000 * linkStride));
  }

  /** The virtual time of step `number`; 0 for the start. */
  time(number: number): Micros {
    if (number === 0) return 0;
    return number <= this.base ? this.parent!.time(number) : this.moments[number - this.base - 1];
  }

  /** An independent world after `number` actions. */
  at(number: number): World {
    return this.wayTo(number).world(Infinity)!;
  }

  /** The way to the world after `number` actions, to replay it in parts. */
  wayTo(number: number): Way {
    const here = this.requested < 0 ? this.length : this.requested;
    const goesBack = number < here && number >= here - 2;
    this.requested = number;
    const fork = latest(this.forks, number);
    const checkpoint = this.before(number);
    const world =
      fork && fork.step > checkpoint.step ? fork.fork() : checkpoint.restore();
    const stops = goesBack ? trail.map((distance) => number - distance) : [];
    return new Way(this, world, number, stops);
  }

  /** How many actions `at` replays. */
  distanceTo(number: number): number {
    return number - Math.max(latest(this.forks, number)?.step ?? 0, this.before(number).step);
  }

  /** Keeps a fork of this moment, because steps back to it or past it are likely. */
  remember(world: World): void {
    this.forks = this.forks.filter((one) => one.step !== world.step);
    this.forks.push(world.fork());
    this.forks.sort((a, b) => a.step - b.step);
    if (this.forks.length <= forksMost) return;
    const distance = (one: World) => Math.abs(one.step - this.requested);
    const farthest = this.forks.reduce((far, one) => (distance(one) > distance(far) ? one : far));
    this.forks = this.forks.filter((one) => one !== farthest);
  }

  /** Takes recorded actions on `world`, from its step on, until `number` actions are taken. */
  replay(
    world: World,
    number: number,
    effects: Effects | null,
    after?: (action: Action) => void,
  ): void {
    while (world.step < number) {
      const action = this.action(world.step + 1);
      const next = asPending(world, action);
      if (!step(world, next, effects)) {
        throw new Error(`step ${world.step + 1} cannot be replayed: ${JSON.stringify(action)}`);
      }
      after?.(action);
    }
  }

  private ends(link: number): [NodeId, NodeId] {
    const { cast } = this.plan;
    return [cast[Math.floor(link / linkStride)].id, cast[link % linkStride].id];
  }

  private before(number: number): Snapshot {
    if (number < this.base) return this.parent!.before(number);
    return latest(this.checkpoints, number)!;
  }

  private checkpoint(world: World): void {
    this.checkpoints.push(new Snapshot(world));
    const end = this.length;
    this.checkpoints = this.checkpoints.filter(({ step: number }) => {
      return number === this.base || number % gapAt(end - number) === 0;
    });
  }

  private grow(): void {
    const size = this.kinds.length * 2;
    this.kinds = grown(new Uint8Array(size), this.kinds);
    this.subjects = grown(new Float64Array(size), this.subjects);
    this.moments = grown(new Float64Array(size), this.moments);
    this.causes = grown(new Int32Array(size), this.causes);
  }
}

/** A replay to one moment of a run, which can pause between any two actions. */
export class Way {
  constructor(
    private readonly run: Run,
    private readonly here: World,
    readonly until: number,
    private readonly stops: readonly number[],
  ) {}

  /** The step that the replay has reached, and its virtual time. */
  get step(): number {
    return this.here.step;
  }

  get time(): Micros {
    return this.here.time;
  }

  /** Replays at most `budget` actions: the world at the end of the way, undefined before that. */
  world(budget: number): World | undefined {
    const { run, here, until, stops } = this;
    run.replay(here, Math.min(until, here.step + budget), null, () => {
      if (stops.includes(here.step)) run.remember(here);
    });
    return here.step === until ? here : undefined;
  }
}

function kindOf(kind: number): Kind {
  return kind & kindBits;
}

/** The node that acts in an action, if one does. */
function nodeOf(action: Action): NodeId {
  if (action.type === 'deliver') return action.to;
  return 'node' in action ? action.node : '';
}

/** Whether a delivery fits into the columns. */
function isNumbered(action: Action | Pending): action is Message {
  if (action.type !== 'deliver' || !('fromIndex' in action)) return false;
  const { fromIndex, toIndex, copy } = action;
  return copy < copiesMost && fromIndex < linkStride && toIndex < linkStride;
}

/** The action that is stored as an object: without the body of a message. */
export function asAction(action: Action | Pending): Action {
  if (action.type === 'postponed') return { ...action.action };
  if (!(action.type === 'deliver' && 'body' in action)) return action as Action;
  const { type, at, from, to, ordinal, copy } = action;
  return { type, at, from, to, ordinal, copy };
}

/**
 * The pending action that a recorded one stands for, if it is next: `step` then needs no search.
 */
export function asPending(world: World, action: Action): Action | Pending {
  // The scenario asked for this one, which may come just when it would have happened anyway; or its
  // random numbers were chosen, and a pending action would draw others.
  if (action.step !== undefined || action.draws !== undefined) return action;
  const next = world.next();
  if (next === undefined || next.type !== action.type) return action;
  if (Math.max(next.at, world.time) !== action.at) return action;
  if (next.type === 'deliver' && action.type === 'deliver') {
    const same =
      next.ordinal === action.ordinal &&
      next.copy === action.copy &&
      next.from === action.from &&
      next.to === action.to;
    return same ? next : action;
  }
  if (next.type === 'fire' && action.type === 'fire') {
    const same =
      next.node === action.node && next.timer === action.timer && next.key === action.key;
    return same ? next : action;
  }
  return action;
}

/** The last moment that is not after step `number`. */
function latest<Place extends { readonly step: number }>(
  sorted: readonly Place[],
  number: number,
): Place | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle].step <= number) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
}

/** How many steps apart checkpoints are at `distance` steps from the end: a power of two. */
function gapAt(distance: number): number {
  let gap = nearGap;
  while (gap < farGap && gap * density < distance) gap *= 2;
  return gap;
}

function grown<Column extends Uint8Array | Float64Array | Int32Array>(
  to: Column,
  from: Column,
): Column {
  to.set(from);
  return to;
}
