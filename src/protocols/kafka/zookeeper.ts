/** One node that stands for a ZooKeeper ensemble: znodes, sessions, and one-time watches. */
// Of the ensemble only what Kafka's controller relies on is modelled: writes are executed in one
// order and survive, a multi is executed as a whole, an ephemeral znode ends with its session. The
// protocol `zookeeper-lock` and its family show how an ensemble does that.
import { role } from '../../protocol/define.ts';
import type { Frozen, MessageOf, Micros, Node, NodeId } from '../../protocol/types.ts';
import type { FromZooKeeper, MultiReply, ReadReply, ToZooKeeper } from './messages.ts';
import { type PartitionState, paths, type ZnodeOp, type ZnodeValue } from './state.ts';

export interface Znode {
  value: ZnodeValue;
  version: number;
  czxid: number;
  /** The session that an ephemeral znode ends with; null for a persistent one. */
  owner: number | null;
}

type Reply =
  | (ReadReply & { readonly type: 'ReadReply' })
  | (MultiReply & { readonly type: 'MultiReply' });

export interface Session {
  readonly broker: NodeId;
  readonly timeout: Micros;
  /** The last request and its reply: a request that comes twice is executed once, as over TCP. */
  serial: number;
  reply: Frozen<Reply> | null;
  watches: string[];
}

export interface ZooKeeperState {
  zxid: number;
  znodes: Record<string, Znode>;
  /** Path → the zxid of the last change of the znode or of its children. */
  changed: Record<string, number>;
  sessions: Record<string, Session>;
  lastSession: number;
}

export interface ZooKeeper {
  state: ZooKeeperState;
  receives: ToZooKeeper;
  sends: FromZooKeeper;
  timers: { expiry: string };
  events: {
    SessionStarted: { session: number; broker: NodeId };
    SessionEnded: { session: number; broker: NodeId };
    ZnodeCreated: { path: string; session: number };
    ZnodeDeleted: { path: string; session: number };
    WriteRefused: { path: string; error: 'NODE_EXISTS' | 'BAD_VERSION'; broker: NodeId };
  };
  options: object;
}

type Server = Node<ZooKeeper>;

export const zookeeper = role<ZooKeeper>({
  doc: 'Stands for a ZooKeeper ensemble: it has the controller, its epoch, and the partition.',
  joins: 'the brokers know one ensemble from the start',
  noDiskFaults: 'this node stands for a whole ensemble, whose disks are not modelled',
  durable: ['zxid', 'znodes', 'changed', 'sessions', 'lastSession'],
  init: () => ({ zxid: 0, znodes: {}, changed: {}, sessions: {}, lastSession: 0 }),

  start(node) {
    const { state } = node;
    if (state.znodes[paths.partition] === undefined) createTopic(node);
    // The sessions are replicated: a new leader of the ensemble gives each its whole timeout.
    for (const [session, { timeout }] of Object.entries(state.sessions)) {
      node.setTimer('expiry', timeout, session);
    }
  },

  messages: {
    OpenSession(node, { attempt, timeout }, from) {
      const { state } = node;
      const session = ++state.lastSession;
      state.sessions[session] = { broker: from, timeout, serial: 0, reply: null, watches: [] };
      node.setTimer('expiry', timeout, String(session));
      node.event('SessionStarted', { session, broker: from });
      node.send(from, { type: 'SessionOpened', attempt, session });
    },

    Ping(node, { session, watches }, from) {
      const known = touch(node, session, from);
      if (known === undefined) return;
      known.watches = watches.map(({ path }) => path);
      for (const { path, zxid } of watches) {
        if (node.state.changed[path] > zxid) notify(node, session, path);
      }
    },

    Read(node, { session, serial, path, watch }, from) {
      const known = touch(node, session, from);
      if (known === undefined || isRepeated(node, known, serial)) return;
      if (watch && !known.watches.includes(path)) known.watches.push(path);
      const { zxid, znodes } = node.state;
      const { value = null, version = -1 } = znodes[path] ?? {};
      const children = Object.keys(znodes)
        .filter((one) => one.startsWith(`${path}/`))
        .map((one) => ({ name: one.slice(path.length + 1), czxid: znodes[one].czxid }));
      answer(node, known, {
        type: 'ReadReply', session, serial, zxid, value, version, children,
      });
    },

    Multi(node, { session, serial, ops }, from) {
      const known = touch(node, session, from);
      if (known === undefined || isRepeated(node, known, serial)) return;
      const refused = ops.find((one) => whyNot(node, one) !== null);
      const error = refused === undefined ? null : whyNot(node, refused);
      if (error === null) execute(node, session, ops);
      else node.event('WriteRefused', { path: refused!.path, error, broker: from });
      const { path } = refused ?? ops[ops.length - 1];
      const { value = null, version = -1 } = node.state.znodes[path] ?? {};
      const { zxid } = node.state;
      answer(node, known, {
        type: 'MultiReply', session, serial, zxid, error, path, value, version,
      });
    },
  },

  timers: { expiry: (node, session) => expire(node, Number(session)) },
  background: ['expiry'],

  lookDocs: {
    controllerEpoch: 'It counts the controllers: a request of an older one is refused.',
    leaderEpoch: 'It counts the leaders that the partition has had.',
    isr: 'The in-sync replicas of the partition, of which its next leader is chosen.',
    sessions: 'The brokers with a session: the znode of a broker is lost with its session.',
    zxid: 'It counts the changes of the znodes.',
  },
  look({ znodes, zxid, sessions }) {
    const partition = znodes[paths.partition]?.value as PartitionState | undefined;
    const controller = znodes[paths.controller]?.value ?? 'none';
    return {
      tone: 'none',
      authority: {},
      holder: [
        { of: paths.controller, is: String(controller) },
        { of: 'the partition', is: partition?.leader ?? 'none' },
      ],
      facts: {
        controllerEpoch: Number(znodes[paths.controllerEpoch]?.value ?? 0),
        leaderEpoch: partition?.leaderEpoch ?? -1,
        isr: partition?.isr.join(' ') ?? '',
        sessions: Object.values(sessions).map(({ broker }) => broker).join(' '),
        zxid,
      },
    };
  },
  summary: {
    messages: {
      ReadReply: ({ value, version }) =>
        `version ${version}: ${typeof value === 'object' ? JSON.stringify(value) : value}`,
      MultiReply: ({ error, path }) => (error === null ? 'OK' : `${error} ${path}`),
      WatchEvent: ({ path }) => path,
    },
  },
});

/** The topic was created before the run: all replicas are in sync, and none leads yet. */
function createTopic(node: Server): void {
  const isr = node.nodes('broker');
  const partition: PartitionState = { leader: null, leaderEpoch: -1, isr, controllerEpoch: 0 };
  const { znodes } = node.state;
  znodes[paths.controllerEpoch] = { value: 0, version: 0, czxid: 0, owner: null };
  znodes[paths.partition] = { value: partition, version: 0, czxid: 0, owner: null };
}

/** Any request keeps the session. A broker whose session has ended is told so. */
function touch(node: Server, session: number, from: NodeId): Session | undefined {
  const known = node.state.sessions[session];
  if (known === undefined) node.send(from, { type: 'SessionExpired', session });
  else node.setTimer('expiry', known.timeout, String(session));
  return known;
}

function isRepeated(node: Server, known: Session, serial: number): boolean {
  if (serial > known.serial) return false;
  if (serial === known.serial && known.reply !== null) node.send(known.broker, known.reply);
  return true;
}

function answer(node: Server, known: Session, reply: MessageOf<FromZooKeeper> & Reply): void {
  known.serial = reply.serial;
  known.reply = reply;
  node.send(known.broker, reply);
}

function whyNot({ state }: Server, one: ZnodeOp): MultiReply['error'] {
  const known = state.znodes[one.path];
  if (one.op === 'create ephemeral') return known === undefined ? null : 'NODE_EXISTS';
  return known?.version === one.version ? null : 'BAD_VERSION';
}

function execute(node: Server, session: number, ops: readonly ZnodeOp[]): void {
  const { state } = node;
  state.zxid++;
  for (const one of ops) {
    if (one.op === 'check') continue;
    if (one.op === 'set') {
      const znode = state.znodes[one.path];
      znode.value = one.value;
      znode.version++;
    } else {
      const { zxid: czxid } = state;
      state.znodes[one.path] = { value: one.value, version: 0, czxid, owner: session };
      node.event('ZnodeCreated', { path: one.path, session });
      noteChange(node, parentOf(one.path));
    }
    noteChange(node, one.path);
  }
}

/** A session ends: its ephemeral znodes are deleted, and those who watch them are notified. */
function expire(node: Server, session: number): void {
  const { state } = node;
  const { broker } = state.sessions[session];
  delete state.sessions[session];
  state.zxid++;
  node.event('SessionEnded', { session, broker });
  for (const [path, { owner }] of Object.entries(state.znodes)) {
    if (owner !== session) continue;
    delete state.znodes[path];
    node.event('ZnodeDeleted', { path, session });
    noteChange(node, path);
    noteChange(node, parentOf(path));
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function noteChange(node: Server, path: string): void {
  const { state } = node;
  state.changed[path] = state.zxid;
  for (const [session, { watches }] of Object.entries(state.sessions)) {
    if (watches.includes(path)) notify(node, Number(session), path);
  }
}

/** A watch is used up by one notification. */
function notify(node: Server, session: number, path: string): void {
  const known = node.state.sessions[session];
  known.watches = known.watches.filter((one) => one !== path);
  node.send(known.broker, { type: 'WatchEvent', session, path, zxid: node.state.changed[path] });
}
