/** What an expression sees of a moment: the nodes, the time, and the event or message at hand. */
import type { EventRecord } from '../../kernel/effects.ts';
import type { Message } from '../../kernel/pending.ts';
import type { Plan } from '../../kernel/plan.ts';
import { type Slot, wallClock, type World } from '../../kernel/world.ts';
import { epochOf, inspectLook, standingOf as standingIn } from '../../kernel/look.ts';
import { lookProblemText } from '../../kernel/text/look-text.ts';
import type { Micros, NodeId } from '../../protocol/types.ts';

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
  private world: World | null = null;
  private time: Micros = 0;
  private record: EventRecord | null = null;
  private event: object | undefined;
  private message: Message | null = null;
  private letter: object | undefined;
  private node: object | undefined;
  private readonly views: readonly object[];
  private readonly byId: Readonly<Record<NodeId, object>>;

  constructor(plan: Plan) {
    this.views = plan.cast.map((cast) => viewOf(() => this.world!, cast.index));
    this.byId = Object.fromEntries(plan.cast.map((cast) => [cast.id, this.views[cast.index]]));
    this.names = this.namesOf();
  }

  /** Points at a world; `time` looks ahead while nothing else happens. */
  at(world: World, time: Micros = world.time): this {
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
  on(record: EventRecord | null, message: Message | null, node?: NodeId): this {
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
  if (scope === undefined) scopes.set(world.plan, (scope = new Scope(world.plan)));
  return scope.at(world, time);
}

/** An event as expressions see it. */
export function eventView(record: EventRecord): object {
  return { ...record.fields, name: record.name, node: record.node };
}

export function messageView(message: Message): object {
  return { ...message.body, from: message.from, to: message.to };
}

function viewOf(world: () => World, index: number): object {
  const slot = (): Slot => world().nodes[index];
  return {
    get id() {
      return slot().id;
    },
    get role() {
      return slot().role;
    },
    get up() {
      return slot().up;
    },
    get paused() {
      return slot().paused;
    },
    get state() {
      return slot().state;
    },
    get standing() {
      const { up, cast, state } = slot();
      return up ? (standingIn(cast.role, state) ?? refuseLook(slot())) : '';
    },
    get epoch() {
      const { up, cast, state } = slot();
      return up ? (epochOf(cast.role, state) ?? refuseLook(slot())) : 0;
    },
    get options() {
      return slot().cast.options;
    },
    get clock() {
      return wallClock(slot(), world().time) / 1_000_000;
    },
    get operations() {
      return slot().operations;
    },
  };
}

/** An expression has no value if the `look` that it reads fails: the message says why. */
function refuseLook({ id, role, cast, state }: Slot): never {
  const { problem } = inspectLook(cast.role, state);
  throw new Error(problem ? lookProblemText(problem, role, id) : `look of role ${role} fails`);
}

/** What the node is to its cluster (`leader`); empty where it is down or its role does not say. */
export function standingOf(slot: Slot): string {
  return slot.up ? (standingIn(slot.cast.role, slot.state) ?? '') : '';
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
    if (!slot.up || standingIn(slot.cast.role, slot.state) !== standing) continue;
    const epoch = epochOf(slot.cast.role, slot.state) ?? 0;
    if (epoch > highest) {
      highest = epoch;
      found = slot;
    }
  }
  return found;
}
