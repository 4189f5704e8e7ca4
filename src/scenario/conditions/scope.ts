/** What an expression sees of a moment: the nodes, the time, and the event or message at hand. */
import type { Plan } from '../../kernel/plan.ts';
import type { EventMoment, MessageMoment, Moment, NodeMoment } from '../../kernel/seam/moment.ts';
import type { Slot, World } from '../../kernel/world.ts';
import type { Look, Micros, NodeId } from '../../protocol/types.ts';

/**
 * One is made for a cluster and pointed at moment after moment (`at`, `on`): the names that an
 * expression reads are getters, so that nothing is made for what it does not ask.
 *
 * - `nodes`: a list in the scenario's order; each has `id, role, up, paused, state, standing,
 *   epoch, options, clock` (seconds) and `operations` (those without an answer). Each is there by
 *   its id too: `n1.state.currentTerm`
 * - `time`: seconds since the start of the run; compares with `duration("1500ms")` too
 * - `event`: `{ name, node, …fields }` where an event is at hand
 * - `message`: `{ type, from, to, …fields }` where one is
 * - `node`, `state`: the node at hand, and its state
 */
export class Scope {
  readonly names: object;
  private world: Moment | null = null;
  private time: Micros = 0;
  private record: EventMoment | null = null;
  private event: object | undefined;
  private message: MessageMoment | null = null;
  private letter: object | undefined;
  private node: object | undefined;
  private readonly views: readonly object[];
  private readonly byId: Readonly<Record<NodeId, object>>;

  constructor(nodes: readonly { readonly index: number; readonly id: NodeId }[]) {
    this.views = nodes.map(({ index }) => viewOf(() => this.world!, index));
    this.byId = Object.fromEntries(nodes.map(({ id, index }) => [id, this.views[index]]));
    this.names = this.namesOf();
  }

  /** Points at a world; `time` looks ahead while nothing else happens. */
  at(world: Moment, time: Micros = world.time): this {
    this.world = world;
    this.time = time;
    this.record = null;
    this.event = undefined;
    this.message = null;
    this.letter = undefined;
    this.node = undefined;
    return this;
  }

  /** And at what happens in it: an event, the message of the step, the node that is concerned. */
  on(record: EventMoment | null, message: MessageMoment | null, node?: NodeId): this {
    this.record = record;
    this.event = undefined;
    this.message = message;
    this.letter = undefined;
    const id = node ?? record?.node ?? message?.to;
    this.node = id === undefined ? undefined : this.byId[id];
    return this;
  }

  private namesOf(): object {
    const names = { ...this.byId, nodes: this.views };
    const getters: Record<string, () => unknown> = {
      time: () => this.time / 1_000_000,
      event: () => (this.event ??= this.record ? eventView(this.record) : undefined),
      message: () => (this.letter ??= this.message ? messageView(this.message) : undefined),
      node: () => this.node,
      state: () => (this.node as { state?: unknown } | undefined)?.state,
    };
    for (const [name, get] of Object.entries(getters)) {
      Object.defineProperty(names, name, { get, enumerable: true });
    }
    return names;
  }
}

const scopes = new WeakMap<Plan, Scope>();

/** The scope of a cluster, pointed at this moment of it: good until it is pointed elsewhere. */
export function scopeAt(world: World, time?: Micros): Scope {
  let scope = scopes.get(world.plan);
  if (scope === undefined) scopes.set(world.plan, (scope = new Scope(world.plan.cast)));
  return scope.at(world, time);
}

/** An event as expressions see it. */
export function eventView(record: EventMoment): object {
  return { ...record.fields, name: record.name, node: record.node };
}

export function messageView(message: MessageMoment): object {
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
      return slot().status !== 'crashed';
    },
    get paused() {
      return slot().status === 'paused';
    },
    get state() {
      return slot().state;
    },
    get standing() {
      return shownLook(slot())?.standing ?? '';
    },
    get epoch() {
      return shownLook(slot())?.epoch?.value ?? 0;
    },
    get options() {
      return slot().options;
    },
    get clock() {
      return slot().clockAt(world().time) / 1_000_000;
    },
    get operations() {
      return slot().operations;
    },
  };
}

function shownLook(node: NodeMoment): Look | undefined {
  return node.status === 'crashed' ? undefined : node.look;
}

function lookOf(slot: Slot): Look | undefined {
  return slot.up ? slot.cast.role.look?.(slot.state as never) : undefined;
}

/** What the node is to its cluster (`leader`); empty where it is down or its role does not say. */
export function standingOf(slot: Slot): string {
  return lookOf(slot)?.standing ?? '';
}

/**
 * The node that is up and of that standing; of several, the one of the highest epoch. `crashed` and
 * `paused` are standings too, which no role gives.
 */
export function nodeOfStanding(world: World, standing: string): Slot | undefined {
  if (standing === 'crashed') return world.nodes.find((slot) => !slot.up);
  if (standing === 'paused') return world.nodes.find((slot) => slot.paused);
  let found: Slot | undefined;
  let highest = -1;
  for (const slot of world.nodes) {
    const look = lookOf(slot);
    if (look?.standing !== standing) continue;
    const epoch = look.epoch?.value ?? 0;
    if (epoch > highest) {
      highest = epoch;
      found = slot;
    }
  }
  return found;
}
