/** A worker with ZooKeeper's lock recipe: its node in the line, a watch on the one before it. */
import { operation, role } from '../../protocol/define.ts';
import type { Json, Micros, Node, OperationId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import { answeredRequest, ask, type Asked, askAgain, serverOf } from '../locks/requests.ts';
import { holderOperations, holding, lineLook } from '../locks/line.ts';
import { dropLock, heldLock, noLocks, storageAnswers } from '../locks/worker.ts';
import {
  type Created, errorIn, type Opened, type Place, type Purpose, type Worker, type WorkerState,
  type ZooKeeperCommand,
} from './state.ts';

type Client = Node<Worker>;

const defaultTimeout = seconds(10);

export const worker = role<Worker>({
  doc: 'A worker that takes locks in ZooKeeper, sends pings, and writes to storage.',
  options: {
    retryAfter: {
      kind: 'duration',
      default: milliseconds(500),
      doc: 'How long it waits for an answer before it sends its request again.',
    },
    token: {
      kind: 'choice',
      default: 'sequence',
      choices: ['sequence', 'zxid'],
      doc: 'Its fencing token: the number in the name of its node, or the zxid that created it.',
    },
  },
  durable: ['serial'],
  init: (): WorkerState => ({
    ...noLocks(), pending: [], session: '', timeout: 0, connected: true, epoch: 0, places: [],
  }),

  messages: {
    ...storageAnswers,
    Reply(node, { serial, response }) {
      const one = answeredRequest<ZooKeeperCommand, Purpose>(node, serial);
      heard(node);
      if (one !== undefined) proceed(node, one, response as Json);
    },
    Pong(node, { session, alive, epoch }) {
      const { state } = node;
      if (session !== state.session) return;
      if (!alive) {
        lose(node);
        return;
      }
      const isAnother = epoch > state.epoch;
      state.epoch = epoch;
      if (isAnother) state.connected = false;
      heard(node);
    },
    NodeDeleted(node, { path }) {
      for (const place of node.state.places) if (place.watching === path) lookAgain(node, place);
    },
  },

  timers: {
    retry: askAgain,
    ping(node) {
      const { session } = node.state;
      node.send(serverOf(node), { type: 'Ping', session });
      node.setTimer('ping', node.state.connected ? pingInterval(node) : node.options.retryAfter);
    },
    // Two thirds of the timeout without a word: it looks for another server, and asks there.
    silence(node) {
      const { session } = node.state;
      node.state.connected = false;
      node.event('Disconnected', { session });
      node.setTimer('ping', 0);
    },
  },
  background: ['ping', 'silence'],

  operations: {
    ...holderOperations,
    lock: operation<Worker>()({
      doc: 'Takes a lock, waiting in line if need be; answers its fencing token.',
      parameters: { key: 'string', timeout: 'duration?' },
      run: (node, { key, timeout }, id) => beginLock(node, placeOf(id, key, timeout, true)),
    }),
    tryLock: operation<Worker>()({
      doc: 'Takes a lock if nobody has it, and fails otherwise; answers its fencing token.',
      parameters: { key: 'string', timeout: 'duration?' },
      run: (node, { key, timeout }, id) => beginLock(node, placeOf(id, key, timeout, false)),
    }),
    unlock: operation<Worker>()({
      doc: 'Deletes its own node; who watches it is told. Answers OK.',
      parameters: { key: 'string' },
      run(node, { key }, id) {
        const held = holding(node, key, id);
        if (held === undefined) return;
        dropLock(node.state, key);
        ask(node, 'unlock', id, { op: 'delete', path: held.grant, session: node.state.session });
      },
    }),
    close: operation<Worker>()({
      doc: 'Ends its session: its nodes are deleted at once. Answers OK.',
      parameters: {},
      run(node, _none, id) {
        const { session } = node.state;
        if (session === '') node.fail(id, 'it has no session');
        else ask(node, 'close', id, { op: 'close-session', session });
      },
    }),
  },

  look(state) {
    const { places, session, connected } = state;
    const waiting = places.map(
      ({ key, watching }) => [key, `waits for ${watching || key}`] as const,
    );
    const lost: Record<string, Json> = connected ? {} : { connected };
    return lineLook(state, waiting, { session: session || null, ...lost });
  },
});

// The session

function pingInterval({ state }: Client): Micros {
  return Math.floor(state.timeout / 3);
}

/** Any answer of the server says that the session goes on. */
function heard(node: Client): void {
  const { state } = node;
  if (state.session === '') return;
  if (!state.connected) reconnect(node);
  node.setTimer('ping', pingInterval(node));
  node.setTimer('silence', 2 * pingInterval(node));
  const validUntil = node.now() + state.timeout;
  state.held = state.held.map((one) => ({ ...one, validUntil }));
}

/** What its watches would have told meanwhile went to nobody: it sets them again. */
function reconnect(node: Client): void {
  const { state } = node;
  state.connected = true;
  node.event('Reconnected', { session: state.session });
  for (const place of state.places) if (place.watching !== '') lookAgain(node, place);
}

/** Only the server can say so: until then a worker without a connection knows nothing. */
function lose(node: Client): void {
  const { state } = node;
  node.cancelTimer('ping');
  node.cancelTimer('silence');
  state.session = '';
  state.connected = true;
  for (const { key } of state.held) node.event('LossNoticed', { key });
  state.held = [];
  for (const place of state.places.slice()) giveUp(node, place, 'session expired');
}

// The recipe

function placeOf(
  operation: OperationId, key: string, timeout = defaultTimeout, patient: boolean,
): Place {
  return { operation, key, timeout, patient, own: '', token: 0, watching: '' };
}

function beginLock(node: Client, place: Place): void {
  const { state } = node;
  const { key, operation: id, timeout } = place;
  if (heldLock(state, key) || state.places.some((one) => one.key === key)) {
    node.fail(id, `${node.id} has or wants ${key} already`);
    return;
  }
  state.places.push(place);
  if (state.session !== '') enqueue(node, place);
  else ask(node, 'session', id, { op: 'create-session', timeout });
}

function proceed(
  node: Client,
  { purpose, operation: id, command }: Asked<ZooKeeperCommand, Purpose>,
  response: Json,
): void {
  const error = errorIn(response);
  if (error !== undefined) {
    if ('session' in command && command.session === node.state.session) lose(node);
    node.fail(id, error);
    return;
  }
  switch (purpose) {
    case 'unlock':
      if (command.op === 'delete') node.event('LockReleased', { key: lockOf(command.path) });
      node.reply(id, 'OK');
      return;
    case 'close':
      lose(node);
      node.reply(id, 'OK');
      return;
    default: {
      const place = node.state.places.find((one) => one.operation === id);
      if (place !== undefined) advance(node, place, purpose, response);
    }
  }
}

type Advance = Exclude<Purpose, 'unlock' | 'close'>;

function advance(node: Client, place: Place, purpose: Advance, response: Json): void {
  switch (purpose) {
    case 'session': {
      const { session, timeout, epoch } = response as unknown as Opened;
      Object.assign(node.state, { session, timeout, epoch });
      heard(node);
      return enqueue(node, place);
    }
    case 'enqueue': {
      const { path, czxid, sequence } = response as unknown as Created;
      place.own = path;
      place.token = node.options.token === 'zxid' ? czxid : sequence;
      return lookAgain(node, place);
    }
    case 'children':
      return findPredecessor(node, place, response as string[]);
    case 'exists':
      // It went between the two looks.
      if (response === false) lookAgain(node, place);
      return;
    case 'withdraw':
      return giveUp(node, place, `${place.key} is locked`);
  }
}

/** Step 1 of the recipe: a node of its own, ephemeral and sequential. */
function enqueue(node: Client, { operation: id, key }: Place): void {
  ask(node, 'enqueue', id, {
    op: 'create', parent: `/${key}`, name: 'lock-', session: node.state.session,
  });
}

/** Step 2: who is there? Asked after each watch again: the one before it may have given up. */
function lookAgain(node: Client, place: Place): void {
  place.watching = '';
  const parent = `/${place.key}`;
  ask(node, 'children', place.operation, { op: 'children', parent, session: node.state.session });
}

/** Steps 3 and 4: the lowest number has the lock; others watch the next lower node alone. */
function findPredecessor(node: Client, place: Place, children: readonly string[]): void {
  const { session } = node.state;
  const { own, key, operation: id } = place;
  const before = children.filter((path) => path < own).at(-1);
  if (before === undefined) {
    acquire(node, place);
    return;
  }
  node.event('LockRefused', { key });
  if (!place.patient) {
    ask(node, 'withdraw', id, { op: 'delete', path: own, session });
    return;
  }
  place.watching = before;
  ask(node, 'exists', id, { op: 'exists', path: before, session });
}

function acquire(node: Client, place: Place): void {
  const { state } = node;
  const { key, own: grant, token, operation: id } = place;
  const validUntil = node.now() + state.timeout;
  leave(node, place);
  state.held.push({ key, grant, token, validUntil });
  node.event('LockAcquired', { key, token });
  node.reply(id, token);
}

function giveUp(node: Client, place: Place, reason: string): void {
  leave(node, place);
  node.fail(place.operation, reason);
}

function leave({ state }: Client, place: Place): void {
  state.places = state.places.filter((one) => one !== place);
}

function lockOf(path: string): string {
  return path.slice(1, path.lastIndexOf('/'));
}
