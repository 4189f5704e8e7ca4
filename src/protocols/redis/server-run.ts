/** How a server runs the commands of its clients: one at a time, and none while it is busy. */
import type { NodeId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import { replyAtTimeout, unblock } from './commands/blocking.ts';
import { expire as expireKey } from './commands/call.ts';
import { execute, type Server, type ServerHost } from './commands/execute.ts';
import { subscriptions } from './commands/pubsub.ts';
import { find } from './commands/table.ts';
import {
  type Entry, entryAt, isExpired, newSession, type Place, type Session,
} from './data.ts';
import { OK, printed, type Reply } from './reply.ts';
import {
  askReplicas, confirmed, follow, hasEnoughReplicas, roleReply, watchLag,
} from './replication.ts';
import {
  type Busy, clockMs, type Incoming, type Outgoing, type RedisNode,
} from './server-state.ts';
import { longest, settle, stopExpiry, watchAll } from './settle.ts';

/** One command, or another reason to act: what it sends leaves when it is over. */
interface Turn {
  readonly node: RedisNode;
  readonly outgoing: Outgoing[];
  readonly closing: Session[];
  /** How long the server is busy with it, in microseconds. */
  elapsed: number;
  runaway: Busy['script'];
}

/** A client's command arrives. */
export function receive(node: RedisNode, incoming: Incoming): void {
  const { busy } = node.state;
  if (busy === null) return runCommand(node, incoming);
  if (busy.script !== null && busy.answers) return answerBusy(node, busy, incoming);
  busy.incoming.push(incoming);
}

function runCommand(node: RedisNode, { from, connection, args, request }: Incoming): void {
  const { state } = node;
  const session = sessionOf(node, from, connection);
  watchIdle(node, connection);
  const turn = newTurn(node);
  const server = serverOf(turn);
  expireNamed(server, session, args);
  const reply = execute(server, session, args, request);
  settle(node);
  session.wrote = state.offset;
  if (reply !== undefined) turn.outgoing.unshift(replyTo(session, request, reply));
  flush(turn);
}

/** The session of a connection. A client that sends datagrams has one, too. */
export function sessionOf(node: RedisNode, client: NodeId, connection: string): Session {
  const { state } = node;
  const known = state.sessions.find((one) => one.connection === connection);
  if (known !== undefined) return known;
  state.sessions.push(newSession(state, client, connection));
  watchIdle(node, connection);
  return state.sessions[state.sessions.length - 1];
}

/** Removes what a connection leaves behind: its transaction, its subscriptions, its place. */
export function endSession(node: RedisNode, connection: string): void {
  const { state } = node;
  node.cancelTimer('blocked', connection);
  node.cancelTimer('idle', connection);
  state.sessions = state.sessions.filter((one) => one.connection !== connection);
  const { busy } = state;
  if (busy !== null) busy.incoming = busy.incoming.filter((one) => one.connection !== connection);
}

/** Notices, as commands do, which of the keys that a command names have expired. */
function expireNamed(
  { data, host, clock }: Server, session: Session, args: readonly string[],
): void {
  if (!host.isPrimary) return;
  const now = Math.floor(clock / 1000);
  const isQueued = session.queue !== null && !/^exec$/i.test(args[0] ?? '');
  if (isQueued) return;
  for (const key of args.slice(1)) {
    const place = { db: session.db, key };
    const entry = entryAt(data, place);
    if (entry !== undefined && isExpired(entry, now)) expireKey({ data, host }, place, entry);
  }
}

const replyTo = (session: Session, request: number, reply: Reply): Outgoing => ({
  to: session.connection,
  message: { type: 'Reply', says: printed(reply), reply, request },
});

export function newTurn(node: RedisNode): Turn {
  return { node, outgoing: [], closing: [], elapsed: 0, runaway: null };
}

/** Sends what a command caused, at once or when the server has time again. */
export function flush(turn: Turn): void {
  const { node, outgoing, closing, elapsed, runaway } = turn;
  const { state } = node;
  if (runaway !== null) {
    state.busy = { script: runaway, answers: false, outgoing, incoming: [] };
    node.setTimer('slow', milliseconds(state.settings.busyReplyThreshold));
  } else if (elapsed > 0) {
    state.busy = { script: null, answers: false, outgoing, incoming: [] };
    node.setTimer('free', Math.min(elapsed, longest));
  } else {
    sendAll(node, outgoing);
  }
  for (const { connection } of closing) close(node, connection);
}

function sendAll(node: RedisNode, outgoing: readonly Outgoing[]): void {
  for (const { to, message } of outgoing) {
    node.send(to, message);
    watchIdle(node, to);
  }
}

/** A session without a connection only ends. */
function close(node: RedisNode, connection: string): void {
  endSession(node, connection);
  if (node.connections().includes(connection)) node.disconnect(connection);
}

export function serverOf(turn: Turn): Server {
  const { node } = turn;
  return { data: node.state, host: hostOf(turn), clock: node.now() };
}

function hostOf(turn: Turn): ServerHost {
  const { node, outgoing } = turn;
  const { state } = node;
  return {
    isPrimary: state.standing === 'primary',
    get elapsed() {
      return turn.elapsed;
    },
    hasEnoughReplicas: hasEnoughReplicas(node),
    random: (bound) => node.random(bound),
    push: ({ connection: to }, reply) =>
      void outgoing.push({ to, message: { type: 'Push', says: printed(reply), reply } }),
    answer: (session, request, reply) => void outgoing.push(replyTo(session, request, reply)),
    close: (session) => void turn.closing.push(session),
    expired: (place, entry) => reportExpiry(node, place, entry),
    blocked(session, timeout) {
      if (session.blocked?.on === 'replicas') askReplicas(node);
      if (timeout !== null) {
        const after = Math.min(untilNoticed(node, timeout), longest);
        node.setTimer('blocked', after, session.connection);
      }
    },
    unblocked: ({ connection }) => node.cancelTimer('blocked', connection),
    confirmed: (offset) => confirmed(state, offset),
    follow(address) {
      const problem = follow(node, address);
      if (problem !== undefined) return problem;
      if (address !== null) throwOutBlocked(turn);
      return OK;
    },
    role: () => roleReply(node),
    configured() {
      watchLag(node);
      for (const { connection } of state.sessions) watchIdle(node, connection);
      if (state.settings.activeExpire) watchAll(node);
      else stopExpiry(node);
    },
    sleep: (duration) => void (turn.elapsed += duration),
    runaway({ session, request, sha, hasWritten }) {
      turn.runaway = { connection: session.connection, request, sha, hasWritten };
    },
  };
}

/** How often the server looks for clients whose time is over: `hz 10`, and what it takes itself. */
const cronPeriod = milliseconds(101);

/** Until when a timeout is noticed, in microseconds from now: serverCron looks for them. */
function untilNoticed(node: RedisNode, timeoutMs: number): number {
  const over = node.now() + milliseconds(timeoutMs);
  return Math.ceil(over / cronPeriod) * cronPeriod - node.now();
}

/** A primary that becomes a replica ends the waits of its clients, and their connections. */
function throwOutBlocked(turn: Turn): void {
  const { node, outgoing, closing } = turn;
  for (const session of node.state.sessions) {
    const { blocked } = session;
    if (blocked === null) continue;
    session.blocked = null;
    node.cancelTimer('blocked', session.connection);
    const err =
      'UNBLOCKED force unblock from blocking operation, ' +
      'instance state changed (master -> replica?)';
    outgoing.push(replyTo(session, blocked.request, { err }));
    closing.push(session);
  }
}

export function reportExpiry(node: RedisNode, { key }: Place, { value }: Entry): void {
  node.event('LockExpired', { key, holder: holderOf(value) });
}

/**
 * The value of a lock is the name of its holder and a random number, such as `A:4f19`. In a lock
 * that is a hash, the field is.
 */
export function holderOf(value: Entry['value']): string {
  const text = typeof value === 'string' ? value : 'hash' in value ? value.hash[0][0] : '';
  return text.split(':')[0];
}

// Timers

/** Starts the time after which the setting `timeout` ends a connection; it counts whole seconds. */
function watchIdle(node: RedisNode, connection: string): void {
  const { timeout } = node.state.settings;
  const isKnown = node.state.sessions.some((one) => one.connection === connection);
  if (timeout === 0 || !isKnown) return node.cancelTimer('idle', connection);
  node.setTimer('idle', seconds(timeout + 1), connection, connection);
}

/** Clients that are blocked or wait for messages are not idle. */
export function closeIdle(node: RedisNode, connection: string): void {
  const session = node.state.sessions.find((one) => one.connection === connection);
  if (session === undefined) return;
  if (session.blocked !== null || subscriptions(session) > 0) return watchIdle(node, connection);
  close(node, connection);
}

/** The time of a blocked client is over. */
export function timeOut(node: RedisNode, connection: string): void {
  const session = node.state.sessions.find((one) => one.connection === connection);
  const blocked = session?.blocked;
  if (session === undefined || !blocked) return;
  const turn = newTurn(node);
  const server = serverOf(turn);
  const reply = replyAtTimeout(server, session);
  unblock(server, session);
  turn.outgoing.push(replyTo(session, blocked.request, reply));
  flush(turn);
}

/** Removes a key that has expired although no command reads it. */
export function expireAtLast(node: RedisNode, place: Place): void {
  const entry = entryAt(node.state, place);
  if (entry === undefined || entry.expireAt === null) return;
  if (isExpired(entry, clockMs(node))) {
    const turn = newTurn(node);
    expireKey(serverOf(turn), place, entry);
    settle(node);
    flush(turn);
  } else {
    watchAll(node, [place]);
  }
}

/** The server has time again: it sends what it had ready, and executes what came meanwhile. */
export function becomeFree(node: RedisNode): void {
  const { busy } = node.state;
  if (busy === null) return;
  node.state.busy = null;
  sendAll(node, busy.outgoing);
  for (const incoming of busy.incoming) receive(node, incoming);
}

/** A script has run past busy-reply-threshold: from now on, other clients get BUSY. */
export function becomeSlow(node: RedisNode): void {
  const { busy } = node.state;
  if (busy === null) return;
  busy.answers = true;
  const { incoming } = busy;
  busy.incoming = [];
  for (const one of incoming) receive(node, one);
}

// A script that runs for ever: https://redis.io/commands/script-kill

const busyReply: Reply = {
  err:
    'BUSY Redis is busy running a script. ' +
    'You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
};
const unkillable: Reply = {
  err:
    'UNKILLABLE Sorry the script already executed write commands against the dataset. ' +
    'You can either wait the script termination or kill the server in a hard way ' +
    'using the SHUTDOWN NOSAVE command.',
};

function answerBusy(node: RedisNode, busy: Busy, incoming: Incoming): void {
  const { from, connection, args, request } = incoming;
  const { script } = busy;
  if (script === null || script.connection === connection) {
    busy.incoming.push(incoming);
    return;
  }
  const session = sessionOf(node, from, connection);
  const found = find(args);
  const name = found.type === 'found' ? found.name : '';
  if (name !== 'script|kill') {
    const reply = found.type === 'refused' ? found.reply : busyReply;
    return sendAll(node, [replyTo(session, request, reply)]);
  }
  if (script.hasWritten) return sendAll(node, [replyTo(session, request, unkillable)]);
  const err =
    'ERR Script killed by user with SCRIPT KILL... ' +
    `script: ${script.sha}, on @user_script:1.`;
  const victim = sessionOf(node, from, script.connection);
  sendAll(node, [replyTo(session, request, OK), replyTo(victim, script.request, { err })]);
  becomeFree(node);
}
