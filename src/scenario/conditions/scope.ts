/** The names of an expression at a moment: nodes, time, and the current event and message. */
import type { EventRecord } from '../../kernel/effects.ts';
import type { Message } from '../../kernel/pending.ts';
import type { Plan } from '../../kernel/plan.ts';
import { type Slot, wallClock, type World } from '../../kernel/world.ts';
import { inspectRank } from '../../kernel/look.ts';
import { lookProblemText } from '../../kernel/text/look-text.ts';
import type { Look, Micros, NodeId } from '../../protocol/types.ts';

/**
 * One scope serves a cluster and is pointed at one moment after another (`at`, `on`). The names are
 * getters, so an expression costs only what it reads.
 *
 * - `nodes`: a list in the order of the scenario; each node has `id, role, up, paused, state,
 *   standing, epoch, options, clock` (seconds) and `operations` (those not answered yet). Each node
 *   is also available by its id: `n1.state.currentTerm`
 * - `time`: seconds since the start of the run; can be compared with `duration("1500ms")`
 * - `event`: `{ name, node, …fields }` of the current event, if there is one
 * - `message`: `{ type, from, to, …fields }` of the current message, if there is one
 * - `node`, `state`: the node that the event or message concerns, and its state
 */
export class Scope {
  readonly names: object;
  private world: World | null = null;
  private time: Micros = 0;
  private record: EventRecord | null = null;
  private eventView: object | undefined;
  private message: Message | null = null;
  private messageView: object | undefined;
  private node: object | undefined;
  private readonly views: readonly object[];
  private readonly byId: Readonly<Record<NodeId, object>>;

  constructor(plan: Plan) {
    this.views = plan.cast.map((cast) => viewOf(() => this.world!, cast.index));
    this.byId = Object.fromEntries(plan.cast.map((cast) => [cast.id, this.views[cast.index]]));
    this.names = this.namesOf();
  }

  /** Points at a world; `time` may be later than the world's if nothing happens until then. */
  at(world: World, time: Micros = world.time): this {
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
  on(record: EventRecord | null, message: Message | null, node?: NodeId): this {
    this.record = record;
    this.eventView = undefined;
    this.message = message;
    this.messageView = undefined;
    const id = node ?? record?.node ?? message?.to;
    this.node = id === undefined ? undefined : this.byId[id];
    return this;
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

const scopes = new WeakMap<Plan, Scope>();

/** The scope of a cluster at this moment; the next call for the cluster moves it. */
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
      return soundLook(slot()).standing ?? '';
    },
    get epoch() {
      return soundLook(slot()).epoch?.value ?? 0;
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

/** What a running node shows; empty if it is crashed, or if `look` fails. */
function rankOf({ up, cast, state }: Slot): Look {
  return up ? inspectRank(cast.role, state).look : {};
}

/** The same for an expression, which has no value if `look` fails. */
function soundLook({ id, role, up, cast, state }: Slot): Look {
  if (!up) return {};
  const { look, problem } = inspectRank(cast.role, state);
  if (problem !== undefined) throw new Error(lookProblemText(problem, role, id));
  return look;
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
  if (standing === 'crashed') return world.nodes.find((slot) => !slot.up);
  if (standing === 'paused') return world.nodes.find((slot) => slot.paused);
  let found: Slot | undefined;
  let highest = -1;
  for (const slot of world.nodes) {
    const look = rankOf(slot);
    if (look.standing !== standing) continue;
    const epoch = look.epoch?.value ?? 0;
    if (epoch > highest) {
      highest = epoch;
      found = slot;
    }
  }
  return found;
}
