/** A scenario's cast, worked out once: who is who, by number, and where each chance is drawn. */
import type { Micros, NodeId, Protocol, Range, Role } from '../protocol/types.ts';
import { address } from './chance.ts';
import { seal } from './data/seal.ts';

/** What a run starts from; plain data but for the protocol's code. */
export interface Setup {
  protocol: Protocol;
  seed: number;
  nodes: NodeSetup[];
  network: NetworkSetup;
}

export interface NodeSetup {
  id: NodeId;
  role: string;
  /** Settings that differ from the role's defaults. */
  options?: Record<string, unknown>;
  /** How far the wall clock is ahead (µs), and how fast it gains (0.0002 is 200 ppm). */
  clock?: { offset?: Micros; drift?: number };
}

export interface NetworkSetup {
  latency: Range;
  loss: number;
  duplicate: number;
  reorder: boolean;
}

export const defaultNetwork: NetworkSetup = {
  latency: [1_000, 5_000],
  loss: 0,
  duplicate: 0,
  reorder: false,
};

/** One node's unchanging part. */
export interface Cast {
  readonly index: number;
  readonly id: NodeId;
  readonly roleName: string;
  readonly role: Role<any>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly peers: readonly NodeId[];
  /** Timer names by the order in which the role declares them, and their handlers. */
  readonly timerNames: readonly string[];
  readonly timerIndex: ReadonlyMap<string, number>;
  /** The types of the messages that it handles, and their handlers. */
  readonly handles: ReadonlySet<unknown>;
  readonly messages: Readonly<Record<string, (node: any, message: any, from: NodeId) => void>>;
  readonly timers: Readonly<Record<string, (node: any, data: any) => void>>;
  readonly timerChance: readonly number[];
  readonly randomChance: number;
  readonly clock: { offset: Micros; drift: number };
}

export class Plan {
  readonly cast: readonly Cast[];
  readonly indexOf: ReadonlyMap<NodeId, number>;
  /** The nodes of each role that the protocol has. */
  readonly byRole: Readonly<Record<string, readonly NodeId[]>>;
  /** The names of the events that the protocol declares. */
  readonly events: ReadonlySet<string>;
  readonly size: number;
  /** Where the latency, the loss and the duplication of each link are drawn: `from * size + to`. */
  readonly latencyChance: Int32Array;
  readonly lossChance: Int32Array;
  readonly duplicateChance: Int32Array;

  constructor(readonly setup: Setup) {
    const { nodes, seed } = setup;
    this.size = nodes.length;
    this.indexOf = new Map(nodes.map((node, index) => [node.id, index]));
    const { roles, events } = setup.protocol;
    this.events = new Set(Object.keys(events));
    this.byRole = byName(
      Object.keys(roles).map((role) => {
        const ofRole = nodes.filter((node) => node.role === role).map((node) => node.id);
        return [role, Object.freeze(ofRole)];
      }),
    );
    this.cast = nodes.map((node, index) => castOf(setup, node, index, this.byRole[node.role]));
    const ofLinks = (what: string) =>
      Int32Array.from({ length: this.size * this.size }, (_, link) => {
        const from = nodes[Math.floor(link / this.size)].id;
        return address(seed, what, from, nodes[link % this.size].id);
      });
    this.latencyChance = ofLinks('latency');
    this.lossChance = ofLinks('loss');
    this.duplicateChance = ofLinks('duplicate');
  }
}

/** A record that has these names and no other: `constructor` is none of them. */
function byName<Value>(entries: Iterable<readonly [string, Value]>): Record<string, Value> {
  return Object.setPrototypeOf(Object.fromEntries(entries), null) as Record<string, Value>;
}

function castOf(
  setup: Setup,
  node: NodeSetup,
  index: number,
  sameRole: readonly NodeId[],
): Cast {
  const role = setup.protocol.roles[node.role];
  const timerNames = Object.keys(role.timers);
  const defaults = Object.entries(role.options ?? {}).map(([name, spec]) => [name, spec.default]);
  return {
    index,
    id: node.id,
    roleName: node.role,
    role,
    options: seal({ ...Object.fromEntries(defaults), ...node.options }, '', 'options'),
    peers: Object.freeze(sameRole.filter((id) => id !== node.id)),
    timerNames,
    timerIndex: new Map(timerNames.map((name, i) => [name, i])),
    handles: new Set(Object.keys(role.messages)),
    messages: role.messages,
    timers: role.timers,
    timerChance: timerNames.map((name) => address(setup.seed, 'timer', node.id, name)),
    randomChance: address(setup.seed, 'random', node.id),
    clock: { offset: node.clock?.offset ?? 0, drift: node.clock?.drift ?? 0 },
  };
}
