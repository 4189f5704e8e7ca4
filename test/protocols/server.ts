/** A single Raft server without a cluster: shows what it sends for each message and timer. */
import type { Json, Node, NodeId } from '../../src/protocol/types.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import type { KeyValueReplica as Replica } from '../../src/protocols/raft/key-value-store.ts';

type ReplicaState = Replica['state'];

interface Sent {
  to: NodeId;
  type: string;
  [field: string]: unknown;
}

type Handler = (node: Node<Replica>, message: unknown, from: NodeId) => void;

export class Server {
  readonly state: ReplicaState;
  sent: Sent[] = [];
  events: string[] = [];
  /** The timers that are set, and their durations. */
  timers: Record<string, Json> = {};
  private readonly node: Node<Replica>;

  /** Server n1 of `size` servers, in the first state of a server changed by `state`. */
  constructor(size = 3, state: Partial<ReplicaState> = {}, options: Record<string, unknown> = {}) {
    const { replica } = raft.roles;
    const defaults = Object.entries(replica.options!).map(([name, spec]) => [name, spec.default]);
    const all = { ...Object.fromEntries(defaults), ...options } as Replica['options'];
    const peers = Array.from({ length: size - 1 }, (_, i) => `n${i + 2}`);
    this.state = { ...replica.init({ id: 'n1', options: all }), ...state } as ReplicaState;
    this.node = {
      id: 'n1',
      state: this.state,
      options: all,
      peers,
      nodes: () => ['n1', ...peers],
      now: () => 0,
      random: () => 0,
      send: (to, message) => void this.sent.push({ to, ...message } as Sent),
      setTimer: (name, after, ..._key) => void (this.timers[name] = after as Json),
      cancelTimer: (name) => void delete this.timers[name],
      event: (name: string, ..._fields: unknown[]) => void this.events.push(name),
      reply: () => {},
      fail: () => {},
      sync: () => true,
      onDisk: (field) => this.state[field] as never,
      connect: () => '',
      disconnect: () => {},
      connections: () => [],
      setSocket: () => {},
    };
  }

  static boot(size = 3): Server {
    const server = new Server(size);
    raft.roles.replica.start!(server.node);
    return server;
  }

  receive(type: keyof Replica['receives'], fields: Record<string, unknown>, from = 'n2'): Sent[] {
    this.sent = [];
    this.events = [];
    (raft.roles.replica.messages[type] as Handler)(this.node, { type, ...fields }, from);
    return this.sent;
  }

  fire(timer: 'election' | 'heartbeat'): Sent[] {
    this.sent = [];
    this.events = [];
    delete this.timers[timer];
    raft.roles.replica.timers[timer](this.node, undefined);
    return this.sent;
  }

  /** Makes it the leader of the next term, with the votes of all others. */
  lead(): this {
    this.fire('election');
    const term = this.state.currentTerm;
    for (const from of this.node.peers) {
      this.receive('RequestVoteResult', { term, voteGranted: true }, from);
    }
    return this;
  }

  /** A follower's result that its log matches the leader's up to an index. */
  acknowledge(from: NodeId, matchIndex: number): Sent[] {
    const term = this.state.currentTerm;
    const prevLogIndex = matchIndex - 1;
    const fields = { term, success: true, prevLogIndex, matchIndex, conflictIndex: 0 };
    return this.receive('AppendEntriesResult', fields, from);
  }

  terms(): number[] {
    return this.state.log.map(({ term }) => term);
  }
}
