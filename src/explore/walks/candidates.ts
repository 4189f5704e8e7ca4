/** What a walk may take next. The lists are reused from step to step, to make no objects. */
import type { Action } from '../../kernel/action.ts';
import { overtaken } from '../../kernel/network/in-flight.ts';
import { isOwn, type Message, order, type Pending } from '../../kernel/pending.ts';
import type { Timer, World } from '../../kernel/world.ts';
import type { Micros } from '../../protocol/types.ts';
import type { TimeMode } from '../verdict.ts';

export type CandidateKind = 'message' | 'timer' | 'postponed' | 'script';

/** How many timers of a node have strands of their own. */
const timersMost = 64;

/**
 * Timed: a message may arrive anywhere in its window, and a timer may fire at any time from the
 * earliest on until the time that the seed drew for it. (Another seed draws another time, so the
 * whole window is covered. A run in which a timer is late could not be written as a scenario.)
 * Nothing may be passed over whose time has come. Untimed: any message that may be first on its
 * link, and any set timer.
 */
export class Candidates {
  count = 0;
  /** The time that nothing may pass. */
  private close: Micros = Infinity;
  private readonly kinds: CandidateKind[] = [];
  private readonly items: (Pending | Timer | Action)[] = [];
  private readonly nodes: number[] = [];
  private readonly timers: number[] = [];
  private readonly earliest: Micros[] = [];
  /** The place in the lists of the first message of each link. */
  private firstOn = new Int32Array(0);

  constructor(private readonly time: TimeMode) {}

  gather(world: World, script: Action | undefined): void {
    this.count = 0;
    this.close = Infinity;
    this.gatherMessages(world);
    this.gatherTimers(world);
    if (script !== undefined) this.add('script', script, -1, -1, script.at);
    if (this.time === 'timed') this.dropTooEarly();
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
  action(world: World, at: number): Action {
    const now = world.time;
    switch (this.kinds[at]) {
      case 'message': {
        const { from, to, ordinal, copy } = this.items[at] as Message;
        return { type: 'deliver', at: this.when(at, now), from, to, ordinal, copy };
      }
      case 'timer': {
        const { name: timer, key } = this.items[at] as Timer;
        const node = world.nodes[this.nodes[at]].id;
        return { type: 'fire', at: this.when(at, now), node, timer, key };
      }
      case 'postponed': {
        const { action } = this.items[at] as Extract<Pending, { type: 'postponed' }>;
        return { ...action, at: this.when(at, now) };
      }
      case 'script': {
        const action = this.items[at] as Action;
        return { ...action, at: Math.max(now, action.at) };
      }
    }
  }

  private when(at: number, now: Micros): Micros {
    if (this.time === 'untimed') return now;
    const drawn = this.drawnAt(at);
    return Math.max(now, drawn <= this.close ? drawn : this.earliest[at]);
  }

  private gatherMessages(world: World): void {
    const { size } = world.plan;
    const { links } = world.network;
    if (this.firstOn.length !== size * size) this.firstOn = new Int32Array(size * size);
    const firstOn = this.firstOn.fill(-1);
    for (const item of world.queue.items) {
      if (item.type === 'fire') continue;
      if (item.type === 'postponed') {
        this.close = Math.min(this.close, item.at);
        this.add('postponed', item, -1, -1, item.at);
        continue;
      }
      const link = item.fromIndex * size + item.toIndex;
      if (item.connection !== '') {
        if (overtaken(world, item) !== undefined) continue;
      } else if (!links[link].reorder) {
        const first = firstOn[link];
        if (first >= 0) {
          if (order(item, this.items[first] as Message) >= 0) continue;
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

  private gatherTimers({ nodes }: World): void {
    for (let node = 0; node < nodes.length; node++) {
      const { paused, timers } = nodes[node];
      if (paused) continue;
      for (let i = 0; i < timers.length; i++) {
        const timer = timers[i];
        if (!timer.isSet) continue;
        if (timer.at < this.close) this.close = timer.at;
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

  private dropTooEarly(): void {
    let kept = 0;
    for (let at = 0; at < this.count; at++) {
      if (this.earliest[at] > this.close) continue;
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
