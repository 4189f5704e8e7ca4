/**
 * The parts of a scenario that never change in a run: its nodes by index, the keys of its draws.
 */
import type { Identity, Micros, NodeId, Protocol, Range, Role } from '../protocol/types.ts';
import { keyOf } from './keyed-draw.ts';
import { seal } from './data/seal.ts';
import { ProtocolWording } from './wording.ts';

/** What a run starts from: plain data, except for the protocol's code. */
export interface Setup {
  protocol: Protocol;
  seed: number;
  nodes: NodeSetup[];
  network: NetworkSetup;
  /** Options for all roles that have them, also of nodes that are added during the run. */
  shared?: Readonly<Record<string, unknown>>;
}

export interface NodeSetup {
  id: NodeId;
  role: string;
  /** Options that differ from the role's defaults. */
  options?: Record<string, unknown>;
  /** How far the wall clock is ahead (µs), and how much faster it runs (0.0002 is 200 ppm). */
  clock?: { offset?: Micros; drift?: number };
  /** True if the node is down when the run begins, until it is restarted. */
  down?: boolean;
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

type MessageHandler = (node: any, message: any, from: NodeId, connection: string) => void;

/** The parts of a node that never change. */
export interface Cast {
  readonly index: number;
  readonly id: NodeId;
  readonly roleName: string;
  readonly role: Role<any>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly peers: readonly NodeId[];
  /** The nodes of each role that it knows: those that existed when it was added. */
  readonly byRole: Readonly<Record<string, readonly NodeId[]>>;
  /** The same, for code that only shows the node. */
  readonly identity: Identity;
  readonly down: boolean;
  /** Timer names in the order in which the role declares them. */
  readonly timerNames: readonly string[];
  readonly timerIndex: ReadonlyMap<string, number>;
  /** The types of the messages that it handles. */
  readonly handles: ReadonlySet<unknown>;
  readonly messages: Readonly<Record<string, MessageHandler>>;
  readonly timers: Readonly<Record<string, (node: any, data: any) => void>>;
  /** The keys of its draws: one for each timer name, and one for `node.random`. */
  readonly timerKeys: readonly number[];
  readonly randomKey: number;
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
  /** The keys of the draws of each link, which is `from * size + to`. */
  readonly latencyKeys: Int32Array;
  readonly lossKeys: Int32Array;
  readonly duplicateKeys: Int32Array;
  /** Changes the keys of all timers' draws; 0 for those of the seed. */
  readonly timerSalt: number;
  /** 1 for each link whose nodes talk over connections, and whether there is such a link. */
  readonly connected: Uint8Array;
  readonly hasConnections: boolean;
  readonly wording: ProtocolWording;
  /** The plans with one more node, kept so that a replay reaches the same one. */
  private readonly successors = new Map<string, Plan>();

  /** `before` is the plan with all nodes but the last. */
  constructor(
    readonly setup: Setup,
    before?: Plan,
    timeSeed = setup.seed,
  ) {
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
    const roleOf = (id: NodeId) => this.cast[this.indexOf.get(id) ?? -1]?.role;
    this.wording = new ProtocolWording(setup.protocol, roleOf);
    this.cast = nodes.map(
      (node, index) => before?.cast[index] ?? castOf(setup, node, index, this.byRole),
    );
    const ofLinks = (purpose: string, of = seed) =>
      Int32Array.from({ length: this.size * this.size }, (_, link) => {
        const from = nodes[Math.floor(link / this.size)].id;
        return keyOf(of, purpose, from, nodes[link % this.size].id);
      });
    this.latencyKeys = ofLinks('latency', timeSeed);
    this.timerSalt = timeSeed === seed ? 0 : keyOf(timeSeed, 'timers');
    this.lossKeys = ofLinks('loss');
    this.duplicateKeys = ofLinks('duplicate');
    this.connected = Uint8Array.from({ length: this.size * this.size }, (_, link) => {
      const [from, to] = [nodes[Math.floor(link / this.size)], nodes[link % this.size]];
      return areConnected(setup.protocol, from, to) ? 1 : 0;
    });
    this.hasConnections = this.connected.includes(1);
  }

  /** Whether one node may open connections to another. */
  opens(from: number, to: number): boolean {
    const { protocol, nodes } = this.setup;
    return from !== to && opens(protocol, nodes[from], nodes[to]);
  }

  /**
   * The same plan with other draws of latencies and timers. All else is drawn as before, so that
   * each action of such a run is possible with this plan as well, at the same time.
   */
  withTimes(seed: number): Plan {
    return new Plan(this.setup, this, seed);
  }

  /** The plan with one more node. The others keep their numbers, their draws and their peers. */
  with(node: NodeSetup): Plan {
    const key = `${node.id} ${node.role}`;
    const known = this.successors.get(key);
    if (known !== undefined) return known;
    const plan = new Plan({ ...this.setup, nodes: [...this.setup.nodes, node] }, this);
    this.successors.set(key, plan);
    return plan;
  }
}

/** Whether two nodes talk over connections. */
export function areConnected(protocol: Protocol, one: NodeSetup, other: NodeSetup): boolean {
  return one !== other && (opens(protocol, one, other) || opens(protocol, other, one));
}

/** Whether nodes of one role open connections to those of another. */
function opens({ connections }: Protocol, from: NodeSetup, to: NodeSetup): boolean {
  return connections?.some(([opener, acceptor]) => {
    return opener === from.role && acceptor === to.role;
  }) === true;
}

/**
 * A record without a prototype, so that a role named `constructor` is not found in it by accident.
 */
function byName<Value>(entries: Iterable<readonly [string, Value]>): Record<string, Value> {
  return Object.setPrototypeOf(Object.fromEntries(entries), null) as Record<string, Value>;
}

const none: readonly NodeId[] = Object.freeze([]);

function castOf(
  setup: Setup,
  node: NodeSetup,
  index: number,
  byRole: Cast['byRole'],
): Cast {
  const role = setup.protocol.roles[node.role];
  const timerNames = Object.keys(role.timers);
  const defaults = Object.entries(role.options ?? {}).map(([name, spec]) => [name, spec.default]);
  const shared = Object.entries(setup.shared ?? {}).filter(([name]) => role.options?.[name]);
  const given = { ...Object.fromEntries(shared), ...node.options };
  const options = seal({ ...Object.fromEntries(defaults), ...given }, '', 'options');
  const peers = Object.freeze(byRole[node.role].filter((id) => id !== node.id));
  const nodes = (name: string): readonly NodeId[] => byRole[name] ?? none;
  return {
    index,
    id: node.id,
    roleName: node.role,
    role,
    options,
    peers,
    byRole,
    identity: Object.freeze({ id: node.id, options, peers, nodes }),
    down: node.down === true,
    timerNames,
    timerIndex: new Map(timerNames.map((name, i) => [name, i])),
    handles: new Set(Object.keys(role.messages)),
    messages: role.messages,
    timers: role.timers,
    timerKeys: timerNames.map((name) => keyOf(setup.seed, 'timer', node.id, name)),
    randomKey: keyOf(setup.seed, 'random', node.id),
    clock: { offset: node.clock?.offset ?? 0, drift: node.clock?.drift ?? 0 },
  };
}
