/**
 * What may happen next by itself in a world, for searches and walks alike. The lists are reused
 * from step to step, so that a walk makes no objects.
 */
import type { Action } from '../kernel/action.ts';
import { equal } from '../kernel/data/plain.ts';
import { overtaken } from '../kernel/network/in-flight.ts';
import { isOwn, type Message, type Pending } from '../kernel/pending.ts';
import type { Timer, World } from '../kernel/world.ts';
import type { Micros } from '../protocol/types.ts';
import type { TimeMode } from './verdict.ts';

export type CandidateKind = 'message' | 'timer' | 'postponed' | 'script';

/** How many timers of a node have strands of their own. */
const timersMost = 64;

export interface Rules {
  readonly time: TimeMode;
  /**
   * Timed: whether a timer may fire after the time that the seed drew for it, within its window. A
   * search allows it. A walk does not, because such a run could not be written as a scenario;
   * another seed draws another time, so that walks cover the whole window as well.
   */
  readonly lateTimers: boolean;
  /** Messages stay in flight when they are delivered, so that no order holds on links. */
  readonly keepsMessages: boolean;
}

/** When, within its window, a candidate is taken. */
export type Timing = 'earliest' | 'drawn' | 'latest';

/**
 * Timed: a message may arrive anywhere in its window, and a timer may fire in its own. Nothing may
 * be passed over whose window has closed, and nothing comes after the scenario's next action is
 * due. Untimed: any message that may be first on its link, and any set timer.
 */
export class Candidates {
  count = 0;
  /** The time that nothing may pass. */
  close: Micros = Infinity;
  private readonly kinds: CandidateKind[] = [];
  private readonly items: (Pending | Timer | Action)[] = [];
  private readonly nodes: number[] = [];
  private readonly timers: number[] = [];
  private readonly earliest: Micros[] = [];
  /** The place in the lists of the first message of each link. */
  private firstOn = new Int32Array(0);

  constructor(private readonly rules: Rules) {}

  /** `end`: no action comes later. */
  gather(world: World, script: Action | undefined, end: Micros = Infinity): void {
    this.count = 0;
    this.close = Infinity;
    this.gatherMessages(world);
    this.gatherTimers(world);
    if (script !== undefined) {
      this.add('script', script, -1, -1, script.at);
      this.close = Math.min(this.close, script.at);
    }
    if (this.rules.time === 'timed') this.dropTooEarly(Math.min(this.close, end));
  }

  kind(at: number): CandidateKind {
    return this.kinds[at];
  }

  message(at: number): Message | undefined {
    return this.kinds[at] === 'message' ? (this.items[at] as Message) : undefined;
  }

  /** Whether it stays inside a process, which no schedule can delay. */
  isOwn(at: number): boolean {
    return this.kinds[at] === 'message' && isOwn(this.items[at] as Message);
  }

  /** Whether a copy of the message stays in flight when it is delivered. */
  stays(at: number): boolean {
    return this.kinds[at] === 'message' && this.keeps(this.items[at] as Message);
  }

  /** When it comes by itself, and what orders those that come at the same time. */
  drawnAt(at: number): Micros {
    return (this.items[at] as Pending | Timer | Action).at;
  }

  tie(at: number): number {
    return this.kinds[at] === 'script' ? -1 : (this.items[at] as Pending | Timer).tie;
  }

  /** Numbers what has an order of its own: a link, a timer, what is postponed, the scenario. */
  strand(world: World, at: number): number {
    const { size } = world.plan;
    switch (this.kinds[at]) {
      case 'message': {
        const { fromIndex, toIndex } = this.items[at] as Message;
        return fromIndex * size + toIndex;
      }
      case 'timer': {
        // Each time that a timer is set is a strand: one that sets itself again must not go first
        // for ever.
        const { ordinal } = this.items[at] as Timer;
        const timer = this.nodes[at] * timersMost + this.timers[at];
        return size * size + timer + ordinal * size * timersMost;
      }
      case 'postponed':
        return -2;
      case 'script':
        return -1;
    }
  }

  /** The candidate as an action that `step` takes now. */
  action(world: World, at: number, timing: Timing): Action {
    const now = world.time;
    switch (this.kinds[at]) {
      case 'message': {
        const { from, to, ordinal, copy } = this.items[at] as Message;
        return { type: 'deliver', at: this.when(at, now, timing), from, to, ordinal, copy };
      }
      case 'timer': {
        const { name: timer, key } = this.items[at] as Timer;
        const node = world.nodes[this.nodes[at]].id;
        return { type: 'fire', at: this.when(at, now, timing), node, timer, key };
      }
      case 'postponed': {
        const { action } = this.items[at] as Extract<Pending, { type: 'postponed' }>;
        return { ...action, at: this.when(at, now, timing) };
      }
      case 'script': {
        const action = this.items[at] as Action;
        return { ...action, at: Math.max(now, action.at) };
      }
    }
  }

  private when(at: number, now: Micros, timing: Timing): Micros {
    if (this.rules.time === 'untimed') return now;
    const earliest = Math.max(now, this.earliest[at]);
    if (timing === 'earliest') return earliest;
    const drawn = this.drawnAt(at);
    if (timing === 'drawn') return drawn <= this.close ? Math.max(now, drawn) : earliest;
    // Its own window has not closed before `close`, and a timer that a walk takes has `at` there.
    return this.close === Infinity ? earliest : Math.max(earliest, this.close);
  }

  private gatherMessages(world: World): void {
    const { size } = world.plan;
    const { links } = world.network;
    if (this.firstOn.length !== size * size) this.firstOn = new Int32Array(size * size);
    const firstOn = this.firstOn.fill(-1);
    for (const item of world.queue.items) {
      if (item.type === 'fire') continue;
      if (item.type === 'postponed') {
        this.addPostponed(item);
        continue;
      }
      const link = item.fromIndex * size + item.toIndex;
      if (item.connection !== '') {
        if (overtaken(world, item) !== undefined) continue;
      } else if (!links[link].reorder && !this.keeps(item)) {
        const first = firstOn[link];
        if (first >= 0) {
          if (!this.isBefore(item, this.items[first] as Message)) continue;
          this.items[first] = item;
          this.earliest[first] = item.earliest;
          this.close = Math.min(this.close, item.latest);
          continue;
        }
        firstOn[link] = this.count;
      }
      this.close = Math.min(this.close, item.latest);
      this.add('message', item, -1, -1, item.earliest);
    }
  }

  /**
   * Whether a link that keeps the order has one message before the other. Ties grow with each
   * message that is sent, whatever times are drawn. Timed, what is sent after a message that
   * the scenario delayed may pass it: the kernel lets it, and the windows leave no other order.
   */
  private isBefore(one: Message, other: Message): boolean {
    if (this.rules.time === 'timed') {
      if (one.latest < other.earliest && one.at < other.at) return true;
      if (other.latest < one.earliest && other.at < one.at) return false;
    }
    return one.tie < other.tie;
  }

  private keeps(message: Message): boolean {
    return this.rules.keepsMessages && message.connection === '' && !isOwn(message);
  }

  /** Untimed, of equal ones only the first: `step` takes that one, whichever is meant. */
  private addPostponed(item: Extract<Pending, { type: 'postponed' }>): void {
    this.close = Math.min(this.close, item.at);
    for (let at = 0; at < this.count && this.rules.time === 'untimed'; at++) {
      const other = this.items[at] as Extract<Pending, { type: 'postponed' }>;
      if (this.kinds[at] !== 'postponed' || !isSame(other.action, item.action)) continue;
      if (item.tie < other.tie) this.items[at] = item;
      return;
    }
    this.add('postponed', item, -1, -1, item.at);
  }

  private gatherTimers({ nodes }: World): void {
    for (let node = 0; node < nodes.length; node++) {
      const { paused, timers } = nodes[node];
      if (paused) continue;
      for (let i = 0; i < timers.length; i++) {
        const timer = timers[i];
        if (!timer.isSet) continue;
        const last = this.rules.lateTimers ? timer.latest : timer.at;
        if (last < this.close) this.close = last;
        this.add('timer', timer, node, i, timer.earliest);
      }
    }
  }

  private add(
    kind: CandidateKind,
    item: Pending | Timer | Action,
    node: number,
    timer: number,
    earliest: Micros,
  ): void {
    const at = this.count++;
    this.kinds[at] = kind;
    this.items[at] = item;
    this.nodes[at] = node;
    this.timers[at] = timer;
    this.earliest[at] = earliest;
  }

  private dropTooEarly(last: Micros): void {
    let kept = 0;
    for (let at = 0; at < this.count; at++) {
      if (this.earliest[at] > last) continue;
      if (kept < at) {
        this.kinds[kept] = this.kinds[at];
        this.items[kept] = this.items[at];
        this.nodes[kept] = this.nodes[at];
        this.timers[kept] = this.timers[at];
        this.earliest[kept] = this.earliest[at];
      }
      kept++;
    }
    this.count = kept;
  }
}

function isSame(a: Action, b: Action): boolean {
  return a.type === b.type && equal({ ...a, at: 0 }, { ...b, at: 0 });
}
