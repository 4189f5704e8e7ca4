/** ZooKeeper's recipe for locks, as Curator follows it: a queue of ephemeral sequential znodes. */
// The numbered steps are those of "Recipes and Solutions: Locks". Curator's LockInternals watches
// with `get` and not with `exists`, which would leave a watch behind on a znode that is gone.
import type { Frozen, Micros, Node, OperationId } from '../../protocol/types.ts';
import { asDuration, seconds } from '../../protocol/units.ts';
import { heldLock } from '../locks/worker.ts';
import { openSession, request } from './library.ts';
import type { PendingRequest } from './library-state.ts';
import { sequenceOf } from './tree.ts';
import {
  commandText, type Command, type Created, type Failure, isFailure, parentOf, type Response,
} from './wire.ts';
import type { Place, RecipeStep, Worker } from './worker-state.ts';

type Client = Node<Worker>;

const defaultTimeout = seconds(10);

/** What an operation asks for; undefined if the worker's options decide. */
export interface Wanted {
  readonly key: string;
  readonly timeout?: Micros | undefined;
  readonly wait?: Micros | undefined;
  readonly protected?: boolean | undefined;
}

export function beginLock(node: Client, wanted: Wanted, patient: boolean, id: OperationId): void {
  const { state, options } = node;
  const { key, timeout, wait = options.maxWait, protected: isProtected } = wanted;
  if (heldLock(state, key) || state.places.some((other) => other.key === key)) {
    node.fail(id, `${node.id} already has ${key} or waits for it`);
    return;
  }
  if (refusesTimeout(node, timeout, id)) return;
  const guid = (isProtected ?? options.protected) ? newGuid(node) : '';
  const place: Place = {
    operation: id, key, patient, wait, since: node.now(), guid, own: '', token: 0, watching: '',
    again: '', retries: 0, isUnsure: false,
  };
  state.places.push(place);
  if (state.status === 'closed') openSession(node, timeout ?? defaultTimeout);
  perform(node, place, 'create');
}

/** All locks of a worker belong to its one session, so a second one cannot have another timeout. */
function refusesTimeout(node: Client, timeout: Micros | undefined, id: OperationId): boolean {
  const { status, requested, timeout: given } = node.state;
  if (timeout === undefined || status === 'closed') return false;
  if (timeout === requested || timeout === given) return false;
  const both = `${node.id} has a session with a timeout of ${asDuration(given)}`;
  node.fail(id, `${both}, which holds all its locks: close it first, or leave the timeout out`);
  return true;
}

/** Short for a random UUID, so that names stay readable. */
function newGuid(node: Client): string {
  return node.random(2 ** 32).toString(16).padStart(8, '0');
}

// The steps

function perform(node: Client, place: Place, step: RecipeStep): void {
  place.again = '';
  request(node, step, place.operation, commandOf(place, step));
}

function commandOf({ key, guid, own, watching }: Place, step: RecipeStep): Command {
  const lock = `/${key}`;
  switch (step) {
    case 'create': {
      // Step 1. With protection, the name begins as that of Curator's `withProtection`.
      const path = `${lock}/${guid === '' ? '' : protection(guid)}lock-`;
      return { op: 'create', path, data: '', kind: 'ephemeral sequential' };
    }
    case 'parent':
      return { op: 'create', path: lock, data: '', kind: 'container' };
    case 'search':
    case 'children':
      // Step 2, without a watch: that would wake all who wait.
      return { op: 'children', path: lock, watch: false };
    case 'found':
      return { op: 'exists', path: own, watch: false };
    case 'watch':
      // Step 4; or, with the herd effect, each waiter watches the whole queue.
      if (watching === lock) return { op: 'children', path: lock, watch: true };
      return { op: 'get', path: watching, watch: true };
  }
}

function protection(guid: string): string {
  return `_c_${guid}-`;
}

/** Continues what a request was for, now that it has its response. */
export function answered(
  node: Client,
  sent: PendingRequest,
  response: Frozen<Response>,
): void {
  const { purpose, operation: id, command } = sent;
  const step = purpose as RecipeStep;
  const place = node.state.places.find((one) => one.operation === id);
  if (place === undefined) afterwards(node, sent, response);
  else if (isFailure(response)) failed(node, place, step, command, response);
  else {
    place.retries = 0;
    advance(node, place, step, response);
  }
}

function isCreated(response: Frozen<Response>): response is Created {
  return typeof response === 'object' && 'path' in response;
}

type Success = Exclude<Frozen<Response>, Failure>;

function advance(node: Client, place: Place, step: RecipeStep, response: Success): void {
  if (isCreated(response)) {
    if (step === 'parent') perform(node, place, 'create');
    else enqueued(node, place, response.path, response.stat.czxid);
  } else if (typeof response === 'object' && 'names' in response) {
    if (step === 'search') search(node, place, response.names);
    else if (step === 'watch' && !isLowest(place, response.names)) waitForTurn(node, place);
    else findPredecessor(node, place, response.names);
  } else if (step === 'found' && typeof response === 'object' && 'stat' in response) {
    enqueued(node, place, place.own, response.stat.czxid);
  } else if (step === 'watch') {
    waitForTurn(node, place);
  }
}

function failed(
  node: Client,
  place: Place,
  step: RecipeStep,
  command: Frozen<Command>,
  { error }: Failure,
): void {
  if (error === 'CONNECTIONLOSS') {
    repeatLater(node, place, step, command);
  } else if (step === 'create' && error === 'NONODE') {
    perform(node, place, 'parent');
  } else if (step === 'parent' && error === 'NODEEXISTS') {
    perform(node, place, 'create');
  } else if (step === 'watch' && error === 'NONODE') {
    // The predecessor was deleted after its name was read.
    readQueue(node, place);
  } else if (step === 'search' && error === 'NONODE') {
    perform(node, place, 'create');
  } else {
    giveUp(node, place, error);
  }
}

function enqueued(node: Client, place: Place, path: string, czxid: number): void {
  place.own = path;
  place.token = node.options.token === 'zxid' ? czxid : sequenceOf(path);
  readQueue(node, place);
}

/** Step 5: what it watched has changed, so it goes to step 2 again. It need not be its turn. */
export function lookAgain(node: Client, path: string): void {
  for (const place of node.state.places) if (place.watching === path) readQueue(node, place);
}

/** Step 2. */
function readQueue(node: Client, place: Place): void {
  node.cancelTimer('giveUp', place.operation);
  place.watching = '';
  perform(node, place, 'children');
}

function isLowest({ own }: Place, names: readonly string[]): boolean {
  return !names.some((name) => sequenceOf(name) < sequenceOf(own));
}

/** Steps 3 and 4: the lowest number has the lock; any other watches only the next lower znode. */
function findPredecessor(node: Client, place: Place, names: readonly string[]): void {
  const { key, own } = place;
  const queue = names
    .map((name) => `/${key}/${name}`)
    .filter((path) => sequenceOf(path) < sequenceOf(own))
    .sort((a, b) => sequenceOf(a) - sequenceOf(b));
  const before = queue.at(-1);
  if (before === undefined) {
    acquire(node, place);
    return;
  }
  node.event('LockRefused', { key });
  if (!place.patient) {
    giveUp(node, place, `${key} is locked`);
    return;
  }
  place.watching = node.options.watches === 'queue' ? `/${key}` : before;
  perform(node, place, 'watch');
}

/**
 * The watch is set: it fires when the znode before its own is deleted. As in Curator's
 * internalLockLoop, only now does the time count: a lock that is free is taken however late it is.
 */
function waitForTurn(node: Client, place: Place): void {
  const left = place.since + place.wait - node.now();
  if (left > 0) node.setTimer('giveUp', left, place.operation);
  else giveUp(node, place, `${place.key} was not free within ${asDuration(place.wait)}`);
}

function acquire(node: Client, place: Place): void {
  const { state } = node;
  const { key, own: grant, token, operation: id } = place;
  leave(node, place);
  state.held.push({ key, grant, token, validUntil: state.validUntil });
  node.event('LockAcquired', { key, token });
  node.reply(id, token);
}

// Lost connections

/**
 * The outcome is unknown. The plain recipe does the same again, as Curator's retry policy says: a
 * create that was executed leaves a znode in the queue that nobody knows. With protection, it first
 * looks for a znode with its GUID.
 */
function repeatLater(
  node: Client, place: Place, step: RecipeStep, command: Frozen<Command>,
): void {
  const { key, operation: id } = place;
  node.event('ConnectionLoss', { key, request: commandText(command) });
  if (step === 'create') place.isUnsure = true;
  if (place.retries >= node.options.retries) {
    giveUp(node, place, 'CONNECTIONLOSS');
    return;
  }
  place.again = step === 'create' && place.guid !== '' ? 'search' : step;
  node.setTimer('retry', backoff(node, place.retries++), id);
}

/** After Curator's ExponentialBackoffRetry: 1, then 1 to 3, then 1 to 7 times the base. */
function backoff(node: Client, retries: number): Micros {
  return node.options.retryAfter * Math.max(1, node.random(2 ** (retries + 1)));
}

export function repeat(node: Client, operation: OperationId): void {
  const place = node.state.places.find((one) => one.operation === operation);
  if (place !== undefined && place.again !== '') perform(node, place, place.again);
}

/**
 * After a create of unknown outcome: its znode is there, or the create was not executed. As in
 * Curator's `findProtectedNodeInForeground`, the children are read without a sync. The server that
 * got the create answers after it; one to which the client has moved may answer while the create
 * is proposed but not committed, so that there will be two znodes.
 */
function search(node: Client, place: Place, names: readonly string[]): void {
  const { key, guid } = place;
  const name = names.find((one) => one.startsWith(protection(guid)));
  place.isUnsure = false;
  if (name === undefined) {
    perform(node, place, 'create');
    return;
  }
  place.own = `/${key}/${name}`;
  node.event('NodeFound', { key, path: place.own });
  perform(node, place, 'found');
}

// Leaving the queue

/** The time to wait is over: it looks at the queue once more before it gives up. */
export function tooLate(node: Client, operation: OperationId): void {
  const place = node.state.places.find((one) => one.operation === operation);
  if (place !== undefined) readQueue(node, place);
}

function giveUp(node: Client, place: Place, reason: string): void {
  const { own, key, guid, isUnsure } = place;
  leave(node, place);
  delete node.state.latches[key];
  if (node.state.status !== 'closed') {
    if (own !== '') deleteOwn(node, own);
    else if (isUnsure && guid !== '') sweep(node, `/${key}`, protection(guid));
  }
  node.fail(place.operation, reason);
}

export function giveAllUp(node: Client, reason: string): void {
  for (const place of node.state.places.slice()) giveUp(node, place, reason);
}

function leave(node: Client, place: Place): void {
  const { state } = node;
  node.cancelTimer('retry', place.operation);
  node.cancelTimer('giveUp', place.operation);
  state.places = state.places.filter((other) => other !== place);
}

/**
 * What it left behind would block the lock, so it deletes that in the background, however often its
 * connection is lost. Without protection, it does not know what a lost create has left.
 */
function afterwards(
  node: Client, { purpose, command }: PendingRequest, response: Frozen<Response>,
): void {
  const isLost = isFailure(response) && response.error === 'CONNECTIONLOSS';
  if (command.op === 'create' && purpose === 'create') {
    const guarded = /^(.*)\/(_c_[^-]*-)/.exec(command.path);
    if (isCreated(response)) deleteOwn(node, response.path);
    else if (isLost && guarded !== null) sweep(node, guarded[1], guarded[2]);
  } else if (command.op === 'delete') {
    if (isLost) deleteOwn(node, command.path);
  } else if (command.op === 'children' && purpose.startsWith(sweeping)) {
    const prefix = purpose.slice(sweeping.length);
    if (isLost) sweep(node, command.path, prefix);
    else if (typeof response === 'object' && 'names' in response) {
      const name = response.names.find((one) => one.startsWith(prefix));
      if (name !== undefined) deleteOwn(node, `${command.path}/${name}`);
    }
  }
}

export function deleteOwn(node: Client, path: string): void {
  request(node, 'withdraw', '', { op: 'delete', path, version: -1 });
}

const sweeping = 'sweep ';

/** Looks for the znode of a protected create, to delete it. */
function sweep(node: Client, path: string, prefix: string): void {
  request(node, sweeping + prefix, '', { op: 'children', path, watch: false });
}

export function lockOf(path: string): string {
  return parentOf(path).slice(1);
}
