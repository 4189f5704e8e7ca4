/** The names of an expression at a moment: nodes, time, and the current event and message. */
import type { Plan } from '../../kernel/plan.ts';
import {
  type EventMoment,
  isOff,
  type MessageMoment,
  type Moment,
  type NodeMoment,
  type Rank,
} from '../../kernel/seam/moment.ts';
import type { Slot, World } from '../../kernel/world.ts';
import { compareEpochs } from '../../kernel/data/epoch-order.ts';
import type { Micros, NodeId } from '../../protocol/types.ts';
import { lookView } from './look-view.ts';

/**
 * One scope serves a cluster and is pointed at one moment after another (`at`, `on`). The names are
 * getters, so an expression costs only what it reads.
 *
 * - `nodes`: a list in the order of the scenario; each node has `id, role, up, paused, state,
 *   standing, epoch, look, options, clock` (seconds), `operations` (those not answered yet), `host`
 *   (`on`, `off`, `unplugged`) and `connections` (each with `id`, `peer` and `status`). A node is
 *   also available by its id: `n1.state.currentTerm`
 * - `time`: seconds since the start of the run; can be compared with `duration("1500ms")`
 * - `event`: `{ name, node, …fields }` of the current event, if there is one
 * - `message`: `{ type, from, to, …fields }` of the current message, if there is one
 * - `node`, `state`: the node that the event or message concerns, and its state
 */
export class Scope {
  names: object = {};
  private world: Moment | null = null;
  private time: Micros = 0;
  private record: EventMoment | null = null;
  private eventView: object | undefined;
  private message: MessageMoment | null = null;
  private messageView: object | undefined;
  private node: object | undefined;
  private views: readonly object[] = [];
  private byId: Readonly<Record<NodeId, object>> = {};

  constructor(nodes: readonly NamedNode[]) {
    this.show(nodes);
  }

  /** Points at a world; `time` may be later than the world's if nothing happens until then. */
  at(world: Moment, time: Micros = world.time): this {
    // Nodes are added during a run, and are not there yet after going back.
    if (world.nodes.length !== this.views.length) this.show(world.nodes);
    this.world = world;
    this.time = time;
    this.record = null;
    this.eventView = undefined;
    this.message = null;
    this.messageView = undefined;
    this.node = undefined;
    return this;
  }

  /** Sets the current event, the message of the step, and the node that they concern. */
  on(record: EventMoment | null, message: MessageMoment | null, node?: NodeId): this {
    this.record = record;
    this.eventView = undefined;
    this.message = message;
    this.messageView = undefined;
    const id = node ?? record?.node ?? message?.to;
    this.node = id === undefined ? undefined : this.byId[id];
    return this;
  }

  private show(nodes: readonly NamedNode[]): void {
    this.views = nodes.map(({ index }) => viewOf(() => this.world!, index));
    this.byId = Object.fromEntries(nodes.map(({ id, index }) => [id, this.views[index]]));
    this.names = this.namesOf();
  }

  private namesOf(): object {
    const names = { ...this.byId, nodes: this.views };
    const getters: Record<string, () => unknown> = {
      time: () => this.time / 1_000_000,
      event: () => (this.eventView ??= this.record ? eventView(this.record) : undefined),
      message: () => (this.messageView ??= this.message ? messageView(this.message) : undefined),
      node: () => this.node,
      state: () => (this.node as { state?: unknown } | undefined)?.state,
    };
    for (const [name, get] of Object.entries(getters)) {
      Object.defineProperty(names, name, { get, enumerable: true });
    }
    return names;
  }
}

interface NamedNode {
  readonly index: number;
  readonly id: NodeId;
}

const scopes = new WeakMap<Plan, Scope>();

/** The scope of a cluster at this moment; the next call for the cluster moves it. */
export function scopeAt(world: World, time?: Micros): Scope {
  let scope = scopes.get(world.plan);
  if (scope === undefined) scopes.set(world.plan, (scope = new Scope(world.plan.cast)));
  return scope.at(world, time);
}

/** An event as expressions see it. */
function eventView(record: EventMoment): object {
  return { ...record.fields, name: record.name, node: record.node };
}

function messageView(message: MessageMoment): object {
  return { ...message.body, from: message.from, to: message.to };
}

function viewOf(world: () => Moment, index: number): object {
  const slot = (): NodeMoment => world().nodes[index];
  return {
    get id() {
      return slot().id;
    },
    get role() {
      return slot().role;
    },
    get up() {
      return !isOff(slot().status);
    },
    get paused() {
      return slot().status === 'paused';
    },
    get state() {
      return slot().state;
    },
    get standing() {
      return soundRank(slot()).standing ?? '';
    },
    get epoch() {
      return soundRank(slot()).epoch?.value ?? 0;
    },
    get look() {
      const node = slot();
      soundRank(node);
      return lookView(node, node.clockAt(world().time));
    },
    get options() {
      return slot().options;
    },
    get clock() {
      return slot().clockAt(world().time) / 1_000_000;
    },
    get host() {
      return slot().host;
    },
    get connections() {
      return slot().connections;
    },
    get operations() {
      return slot().operations;
    },
  };
}

/** What a running node shows; empty if it is crashed, or if `look` fails. */
function rankOf({ up, rank }: Slot): Rank {
  return up ? rank : {};
}

/** The same for an expression, which has no value if `look` fails. */
function soundRank(node: NodeMoment): Rank {
  if (isOff(node.status)) return {};
  const { rank } = node;
  if (rank.problem !== undefined) throw new Error(rank.problem);
  return rank;
}

/** What the node is to its cluster (`leader`); empty if it is crashed or its role does not say. */
export function standingOf(slot: Slot): string {
  return rankOf(slot).standing ?? '';
}

/**
 * The node of that standing; of several, the one with the highest epoch. `crashed` and `paused` are
 * standings that every protocol has.
 */
export function nodeOfStanding(world: World, standing: string): Slot | undefined {
  if (standing === 'crashed' || standing === 'down') {
    return world.nodes.find((slot) => slot.status === standing);
  }
  if (standing === 'paused') return world.nodes.find((slot) => slot.paused);
  let found: Slot | undefined;
  let highest: number | string = -1;
  for (const slot of world.nodes) {
    const look = rankOf(slot);
    if (look.standing !== standing) continue;
    const epoch = look.epoch?.value ?? 0;
    if (found === undefined || compareEpochs(epoch, highest) > 0) {
      highest = epoch;
      found = slot;
    }
  }
  return found;
}
