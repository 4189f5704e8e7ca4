/** Every server executes committed transactions, and replies to the requests of its own clients. */
// CommitProcessor and FinalRequestProcessor. The requests of a session are answered in their order:
// a read waits for the writes before it. Reads of other sessions do not wait: they may be stale.
import type { ConnectionId } from '../../../protocol/connection.ts';
import { closeConnection, closeSessionConnections, notify } from './connections.ts';
import { passwordOf } from './passwords.ts';
import type { Attached, Queued, ServerNode, ServerState } from '../server-state.ts';
import { sessionHeard } from './session-tracker.ts';
import { namesOf, statOf, znodeAt } from '../tree.ts';
import { addWatch, fire, setAgain } from '../watches.ts';
import type { Read, Response } from '../wire.ts';
import { applyTransaction } from '../zab/database.ts';
import type { Transaction } from '../zab/packets.ts';

/** Executes a transaction that is committed, and answers the request, if it came here. */
export function commitRequest(node: ServerNode, transaction: Transaction): void {
  const { state } = node;
  const { session, xid, txn } = transaction;
  const { response, changes } = applyTransaction(state, transaction);
  for (const change of changes) notify(node, fire(state, change));
  committed(node, session, xid);
  const own = Object.keys(state.connections).find((connection) => {
    return isAskedFor(state.connections[connection], session, xid);
  });
  if (txn.op === 'close-session') {
    // The client that asked gets its reply; any other learns that its connection is closed.
    if (own !== undefined) answerNext(node, own, response);
    closeSessionConnections(node, session);
    delete state.unanswered[session];
  } else if (txn.op === 'create-session') {
    if (own !== undefined) finishSession(node, own, true);
  } else if (own !== undefined) {
    answerNext(node, own, response);
    if (own in state.connections) answerReads(node, own);
  }
}

/** A write whose connection is gone: the reads on the next one, which waited for it, go on. */
function committed(node: ServerNode, session: string, xid: number): void {
  const { unanswered, connections } = node.state;
  if (unanswered[session]?.[0] !== xid) return;
  unanswered[session].shift();
  if (unanswered[session].length > 0) return;
  delete unanswered[session];
  for (const connection of Object.keys(connections)) {
    if (connections[connection].session === session) answerReads(node, connection);
  }
}

function isAskedFor(attached: Attached, asked: string, xid: number): boolean {
  const { session, queue, isReady, isNew } = attached;
  if (session !== asked) return false;
  if (!isReady) return isNew && xid === 0;
  return queue.length > 0 && queue[0].needsCommit && queue[0].xid === xid;
}

/** The session of a new connection exists, or it does not. */
export function finishSession(node: ServerNode, connection: ConnectionId, isValid: boolean): void {
  const { state } = node;
  const attached = state.connections[connection];
  if (attached === undefined) return;
  const { session, client, timeout, isNew } = attached;
  const password = passwordOf(session);
  if (!isValid) {
    node.send(connection, { type: 'ConnectResponse', timeout: 0, session, password });
    closeConnection(node, connection);
    return;
  }
  attached.isReady = true;
  sessionHeard(node, session, timeout);
  if (isNew) node.event('SessionCreated', { session, client, timeout });
  else node.event('SessionResumed', { session, client, connection });
  node.send(connection, { type: 'ConnectResponse', timeout, session, password });
}

/** Replies to the oldest request of a connection. */
function answerNext(node: ServerNode, connection: ConnectionId, response: Response): void {
  const { state } = node;
  const attached = state.connections[connection];
  const { xid, command } = attached.queue.shift()!;
  if (typeof response === 'object' && 'error' in response && response.error === 'SESSIONMOVED') {
    // An error of the connection and not of the request (ZOOKEEPER-710): there is no reply.
    node.event('SessionMoved', { session: attached.session, client: attached.client });
    closeConnection(node, connection);
    return;
  }
  node.send(connection, { type: 'Reply', xid, zxid: state.zxid, response });
  if (command.op === 'close') closeConnection(node, connection);
}

/** Answers what this server can answer by itself, up to the next request that has to wait. */
export function answerReads(node: ServerNode, connection: ConnectionId): void {
  const { state } = node;
  for (;;) {
    const { session = '', queue = [] } = state.connections[connection] ?? {};
    const [next] = queue;
    if (next === undefined || next.needsCommit || session in state.unanswered) return;
    if (next.command.op === 'ping') {
      state.connections[connection].queue.shift();
      node.send(connection, { type: 'Pong', zxid: state.zxid });
    } else answerNext(node, connection, execute(node, next, connection));
  }
}

/** A sync of this server's client went to the leader and back: all before it has arrived. */
export function syncReturned(node: ServerNode, session: string, xid: number): void {
  const { connections } = node.state;
  committed(node, session, xid);
  const connection = Object.keys(connections).find((one) => {
    return isAskedFor(connections[one], session, xid);
  });
  if (connection === undefined) return;
  answerNext(node, connection, 'OK');
  answerReads(node, connection);
}

function execute(node: ServerNode, { command }: Queued, connection: ConnectionId): Response {
  const { state } = node;
  switch (command.op) {
    case 'get':
    case 'exists':
    case 'children':
      return read(state, command, connection);
    case 'set-watches':
      notify(node, setAgain(state, command, connection));
      return 'OK';
    default:
      // A sync at the leader, which is never behind itself.
      return 'OK';
  }
}

function read(state: ServerState, { op, path, watch }: Read, connection: ConnectionId): Response {
  const znode = znodeAt(state, path);
  // Only `exists` can watch what does not exist.
  if (watch && (znode !== undefined || op === 'exists')) {
    addWatch(state, { kind: op === 'children' ? 'child' : 'data', path, connection });
  }
  if (znode === undefined) return { error: 'NONODE' };
  if (op === 'children') return { names: namesOf(state, path) };
  const stat = statOf(znode);
  return op === 'get' ? { data: znode.data, stat } : { stat };
}
