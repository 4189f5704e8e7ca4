/** How a server serves a request: itself if it leads, otherwise by forwarding it to the leader. */
// As agent/consul/rpc.go: a request that finds no leader is held for a while. A read whose
// connection to the leader ends is tried again; a write is not, since it may have been executed.
import type { ConnectionId, Ending } from '../../protocol/connection.ts';
import type { Frozen, NodeId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { answer, fail, failUnknown } from './answers.ts';
import type { ConsulCommand } from './api.ts';
import { renewSession, write } from './leader.ts';
import { readHere, verify } from './queries.ts';
import { type Caller, isLeader, isWrite, type ServerMessages, type ServerNode } from './state.ts';

/** `RPCHoldTimeout` is 7 s. It tries again after a random part of a sixteenth of that. */
const holdStagger = Math.floor(seconds(7) / 16);
/** Each try waits for half of that on average: so many of them take about 7 s. */
const holdTries = 32;

/** A request of a client, over a connection of its own or passed on by another server. */
interface Request {
  readonly caller: Caller;
  readonly command: Frozen<ConsulCommand>;
  readonly client: NodeId;
  /** How often it has waited for a leader. */
  readonly tries: number;
}

export function serve(
  node: ServerNode,
  caller: Caller,
  command: Frozen<ConsulCommand>,
  client: NodeId,
): void {
  serveRequest(node, { caller, command, client, tries: 0 });
}

function serveRequest(node: ServerNode, request: Request): void {
  const { caller, command } = request;
  const { leaderId } = node.state;
  if (command.op === 'get' && command.mode === 'stale') {
    return readHere(node, { caller, get: command });
  }
  if (isLeader(node)) serveAsLeader(node, request);
  else if (leaderId === null || leaderId === node.id) hold(node, request);
  else passOn(node, leaderId, request);
}

function serveAsLeader(node: ServerNode, request: Request): void {
  const { caller, command, client } = request;
  if (isWrite(command)) return write(node, caller, command, client);
  if (command.op === 'session renew') {
    return answer(node, caller, renewSession(node, command.session));
  }
  if (command.mode === 'default') return readHere(node, { caller, get: command });
  // A new leader does not have all that is committed before it has applied its own first entry.
  if (node.state.establishedIn === node.state.currentTerm) verify(node, { caller, get: command });
  else hold(node, request);
}

/** The caller waits for a leader. */
function hold(node: ServerNode, request: Request): void {
  const { caller, command, client, tries } = request;
  if (tries >= holdTries) {
    const isReady = isLeader(node);
    const why = isReady ? 'Not ready to serve consistent reads' : 'No cluster leader';
    return fail(node, caller, why);
  }
  const serial = ++node.state.serial;
  node.state.forwarded[serial] = { caller, command, client, connection: '', tries: tries + 1 };
  node.setTimer('hold', node.random(holdStagger), serial, String(serial));
}

/** A request that was held looks for the leader again. */
export function tryAgain(node: ServerNode, serial: number): void {
  const held = node.state.forwarded[serial];
  if (held === undefined) return;
  delete node.state.forwarded[serial];
  serveRequest(node, held);
}

function passOn(node: ServerNode, leader: NodeId, request: Request): void {
  const { caller, command, client, tries } = request;
  const connection = node.connections(leader).at(-1);
  if (connection === undefined) return notPassed(node, request, 'refused');
  const serial = ++node.state.serial;
  node.state.forwarded[serial] = { caller, command, client, tries, connection };
  node.send(connection, { type: 'Forward', serial, client, command });
}

/** A read may be executed twice. Whether a write was executed is unknown. */
function notPassed(node: ServerNode, request: Request, how: Ending): void {
  const { caller, command } = request;
  const error = `rpc error making call: ${errors[how]}`;
  if (!isWrite(command)) hold(node, request);
  else if (how === 'refused') fail(node, caller, error);
  else failUnknown(node, caller, error);
}

const errors: Readonly<Record<Ending, string>> = {
  closed: 'EOF',
  reset: 'connection reset by peer',
  refused: 'connection refused',
  'timed out': 'i/o deadline reached',
};

export function forwardAnswered(
  node: ServerNode,
  { serial, response }: Frozen<ServerMessages['Forwarded']>,
): void {
  const forwarded = node.state.forwarded[serial];
  if (forwarded === undefined) return;
  delete node.state.forwarded[serial];
  answer(node, forwarded.caller, response);
}

/** The connection to another server ended, and with it the requests that were passed on over it. */
export function forwardsEnded(node: ServerNode, connection: ConnectionId, how: Ending): void {
  const { forwarded } = node.state;
  for (const serial of Object.keys(forwarded).map(Number)) {
    const one = forwarded[serial];
    if (one.connection !== connection) continue;
    delete forwarded[serial];
    notPassed(node, one, how);
  }
}

/** The caller of these requests is gone. Those that are passed on are executed all the same. */
export function callerGone(node: ServerNode, connection: ConnectionId): void {
  const { forwarded } = node.state;
  for (const serial of Object.keys(forwarded).map(Number)) {
    if (forwarded[serial].caller.connection === connection) delete forwarded[serial];
  }
}

