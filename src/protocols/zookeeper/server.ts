/** The ZooKeeper server: what it does with the requests of its clients. */
import type { ConnectionId } from '../../protocol/connection.ts';
import { role } from '../../protocol/define.ts';
import type { Frozen, NodeId, Role } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import { closeConnection, closeSessionConnections, detach } from './requests/connections.ts';
import { answerReads, finishSession } from './requests/final-request-processor.ts';
import { passwordOf } from './requests/passwords.ts';
import { sessionFault } from './requests/prep-request-processor.ts';
import { serverDocs, serverLook, serverStandings } from './server-look.ts';
import type { Server, ServerNode, ServerState } from './server-state.ts';
import { sessionHeard, touchSession } from './requests/session-tracker.ts';
import { emptyTree } from './tree.ts';
import { answerSummaries, type Command, type ServerRequests } from './wire.ts';
import { submitToLeader } from './zab/broadcast.ts';
import { emptySnapshot, loadDatabase } from './zab/database.ts';
import { serverId } from './zab/ensemble.ts';
import { askForSession } from './zab/learner.ts';
import { peerEventSummaries, peerSummaries, type Request } from './zab/packets.ts';
import {
  peerBackground, peerConnected, peerDisconnected, peerMessages, peerTimers, run,
} from './zab/quorum-peer.ts';

const options: Role<Server>['options'] = {
  tickTime: {
    kind: 'duration',
    default: seconds(2),
    min: milliseconds(2),
    doc:
      'A session times out after 2 to 20 ticks, and expires at a whole tick. A leader pings ' +
      'twice a tick.',
  },
  initLimit: {
    kind: 'integer', default: 10, min: 1,
    doc: 'How many ticks a server has to connect to its leader and to take over its log.',
  },
  syncLimit: {
    kind: 'integer', default: 5, min: 1,
    doc: 'After how many ticks without a packet a server and its leader give each other up.',
  },
  commitLogCount: {
    kind: 'integer', default: 500, min: 1,
    doc: 'How many transactions a leader keeps for servers that are behind; others get a snapshot.',
  },
};

const definition: Role<Server> = {
  doc: 'A server of a ZooKeeper ensemble: it votes, leads or follows, and serves clients.',
  options,
  joins: 'the configuration of the ensemble is fixed: give all servers in the scenario',
  init: (): ServerState => ({
    ...emptyTree(), zxid: 0, sessions: {}, log: [], snapshot: emptySnapshot(), acceptedEpoch: 0,
    currentEpoch: 0, sessionCount: 0, peerState: 'LOOKING', zabState: 'ELECTION', logicalClock: 0,
    vote: null, election: null, links: {}, leading: null, following: null, needsSnapshot: false,
    connections: {}, unanswered: {}, watches: [], touched: {},
  }),
  durable: ['log', 'snapshot', 'acceptedEpoch', 'currentEpoch', 'sessionCount'],
  // SyncRequestProcessor writes the log beside the other processors: only what says that it has
  // logged something, or accepted an epoch, waits for the disk.
  sync: 'lazy',
  summary: {
    messages: { ...answerSummaries, ...peerSummaries },
    events: peerEventSummaries,
  },

  start(node) {
    const { state } = node;
    loadDatabase(state);
    // The number of a session waits for no disk: the first one of a process is the time in
    // milliseconds (initializeNextSessionId), so that none is given again after a crash.
    state.sessionCount = Math.max(state.sessionCount, Math.floor(node.now() / 1_000));
    run(node);
  },

  connection: {
    opened: peerConnected,
    // The end of a connection does not end its session: the client may connect again in time.
    ended(node, peer, connection) {
      detach(node.state, connection);
      peerDisconnected(node, peer, connection);
    },
  },

  messages: {
    ...peerMessages,
    ConnectRequest: connect,
    Request(node, { xid, command }, _from, connection) {
      if (hears(node, connection)) submit(node, connection, xid, command);
    },
    Ping(node, _none, _from, connection) {
      if (!hears(node, connection)) return;
      const { queue } = node.state.connections[connection];
      queue.push({ xid: 0, command: { op: 'ping' }, needsCommit: false });
      answerReads(node, connection);
    },
  },

  timers: {
    ...peerTimers,
    session(node, session) {
      const { leading, sessions } = node.state;
      if (leading === null || leading.tracked[session].isClosing) return;
      const client = sessions[session]?.client ?? '';
      node.event('SessionExpired', { session, client });
      submitToLeader(node, leading, { session, xid: 0, command: { op: 'close' } }, node.id);
    },
  },
  background: [...peerBackground],

  look: serverLook,
  epochDoc: 'Each new leader begins an epoch, the first half of every zxid that it gives out.',
  lookDocs: serverDocs,
  standings: serverStandings,
};

export const server = role<Server>(definition);

export const observer = role<Server>({
  ...definition,
  doc: 'A server that does not vote: it is told what is committed, and serves clients.',
});

/** Opens a session for a client that has connected, or goes on with the one that it names. */
function connect(
  node: ServerNode,
  request: Frozen<ServerRequests['ConnectRequest']>,
  client: NodeId,
  connection: ConnectionId,
): void {
  const { state, options: { tickTime } } = node;
  const { lastZxid: seen } = request;
  if (state.zabState !== 'BROADCAST') {
    node.disconnect(connection);
    return;
  }
  // The client has seen what this server has not, so it would go back in time here.
  if (seen > state.zxid) {
    node.event('ClientRefused', { client, seen, zxid: state.zxid });
    node.disconnect(connection);
    return;
  }
  const timeout = Math.min(Math.max(request.timeout, 2 * tickTime), 20 * tickTime);
  const isNew = request.session === '';
  const session = isNew ? newSession(node) : request.session;
  if (!isNew) closeSessionConnections(node, session);
  state.connections[connection] = {
    session, client, timeout, isNew, isReady: false, queue: [],
  };
  if (isNew) {
    order(node, { session, xid: 0, command: { op: 'create-session', client, timeout } });
  } else if (request.password !== passwordOf(session)) finishSession(node, connection, false);
  else if (state.leading === null) askForSession(node, connection);
  else {
    const isValid = touchSession(node, session, timeout);
    if (isValid) state.leading.tracked[session].owner = node.id;
    finishSession(node, connection, isValid);
  }
}

/** The number of the server is in the first digits, so that no other gives the same one. */
function newSession(node: ServerNode): string {
  const { state } = node;
  return `0x${(serverId(node, node.id) * 0x10000000 + ++state.sessionCount).toString(16)}`;
}

/** Whether a connection carries a session; all that arrives on it says that its client is alive. */
function hears(node: ServerNode, connection: ConnectionId): boolean {
  const attached = node.state.connections[connection];
  if (attached === undefined || !attached.isReady) return false;
  sessionHeard(node, attached.session, attached.timeout);
  return true;
}

/** Writes go to the leader; so does a sync of any other server's client. */
function submit(
  node: ServerNode,
  connection: ConnectionId,
  xid: number,
  command: Frozen<Command>,
): void {
  const { leading, connections } = node.state;
  const { session, queue } = connections[connection];
  const isLocal =
    command.op === 'sync'
      ? leading !== null
      : ['get', 'exists', 'children', 'set-watches'].includes(command.op);
  if (isLocal && leading !== null && sessionFault(leading, session, node.id) === 'SESSIONMOVED') {
    node.event('SessionMoved', { session, client: connections[connection].client });
    closeConnection(node, connection);
    return;
  }
  queue.push({ xid, command: command as Command, needsCommit: !isLocal });
  if (!isLocal) order(node, { session, xid, command });
  answerReads(node, connection);
}

function order(node: ServerNode, request: Frozen<Request>): void {
  const { leading, following } = node.state;
  if (leading !== null) submitToLeader(node, leading, request, node.id);
  else node.send(following!.connection, { type: 'REQUEST', request: request as Request });
}
