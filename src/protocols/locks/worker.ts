/** What workers of every lock have in common: what they believe to hold, and their writes. */
import { invariant, operation } from '../../protocol/define.ts';
import type {
  DerivedEvent, Json, Look, Micros, Node, NodeId, Observed, Operation, OperationId,
} from '../../protocol/types.ts';
import { isStorage, type StorageAnswers, type StorageRequests } from './fenced-storage.ts';

/** A lock that a worker believes it holds: from the answer that gave it, until it gives it up. */
export interface Held {
  readonly key: string;
  /** Tells this grant of the lock from all others. */
  readonly grant: string;
  /** The fencing token that came with it; null from a lock that gives none. */
  readonly token: number | null;
  /** By the worker's own clock. */
  readonly validUntil: Micros;
}

export interface WorkerState {
  /** The last one is the one taken last. */
  held: Held[];
  /** The number of its last request. */
  serial: number;
  /** Requests to storage without an answer: request number → operation. */
  asked: Record<number, OperationId>;
}

export interface LockWorker {
  state: WorkerState;
  receives: StorageAnswers;
  sends: StorageRequests;
  timers: object;
  events: object;
  options: object;
}

type WorkerNode = Node<LockWorker>;

export const noLocks = (): WorkerState => ({ held: [], serial: 0, asked: {} });

export function heldLock(state: WorkerState, key: string): Held | undefined {
  return state.held.find((one) => one.key === key);
}

/** Forgets a lock: it was given up, or is known to be lost. */
export function dropLock(state: WorkerState, key: string): void {
  state.held = state.held.filter((one) => one.key !== key);
}

// Storage

const operations = {
  write: operation<LockWorker>()({
    doc: 'Writes to storage under the lock taken last (or the one named), whatever its clock says.',
    parameters: { name: 'string', value: 'value', lock: 'string?' },
    run(node, { name, value, lock }, id) {
      const { state } = node;
      const held = lock === undefined ? state.held.at(-1) : heldLock(state, lock);
      const { token, grant } = held ?? { token: null, grant: '' };
      const request = ask(node, id);
      if (request === undefined) return;
      node.send(storageOf(node), { type: 'Write', token, name, value, grant, request });
    },
  }),
  read: operation<LockWorker>()({
    doc: 'Reads from storage; answers the value, or null.',
    parameters: { name: 'string' },
    run(node, { name }, id) {
      const request = ask(node, id);
      if (request !== undefined) node.send(storageOf(node), { type: 'Read', name, request });
    },
  }),
};

/** For the operations of a role of workers, whatever else it can be asked to do. */
export const storageOperations = operations as Record<string, Operation<LockWorker>>;

function ask(node: WorkerNode, id: OperationId): number | undefined {
  if (node.nodes('storage').length === 0) {
    node.fail(id, 'the scenario has no storage');
    return undefined;
  }
  const request = ++node.state.serial;
  node.state.asked[request] = id;
  return request;
}

function storageOf(node: WorkerNode): NodeId {
  return node.nodes('storage')[0];
}

export const storageAnswers = {
  Written(node: WorkerNode, { request }: { request: number }): void {
    const id = answered(node, request);
    if (id !== undefined) node.reply(id, 'OK');
  },
  Refused(
    node: WorkerNode,
    { request, token, highest }: { request: number; token: number; highest: number },
  ): void {
    const id = answered(node, request);
    if (id !== undefined) node.fail(id, `token ${token} is older than ${highest}`);
  },
  Value(node: WorkerNode, { request, value }: { request: number; value: Json }): void {
    const id = answered(node, request);
    if (id !== undefined) node.reply(id, value);
  },
};

function answered(node: WorkerNode, request: number): OperationId | undefined {
  const id = node.state.asked[request];
  delete node.state.asked[request];
  return id;
}

/** How panels show a worker: by what it believes. */
export function workerLook({ held }: WorkerState): Look {
  const locks = held.map(({ key, token, grant }) => {
    return [key, token === null ? grant : `token ${token}`];
  });
  return {
    standing: held.length > 0 ? 'holder' : '',
    tone: held.length > 0 ? 'lead' : 'follow',
    facts: Object.fromEntries(locks),
  };
}

// What an onlooker sees

function believers(nodes: readonly Observed[]): Observed<WorkerState>[] {
  return nodes.filter(({ role, up }) => role === 'worker' && up);
}

/** Two workers believe at once that they hold one lock. No harm is done until both write. */
export const twoHolders: DerivedEvent<Record<string, true>> = {
  remember: () => ({}),
  look({ nodes, acted, memory }) {
    if (acted?.role !== 'worker' || !acted.up) return [];
    const found: Record<string, Json>[] = [];
    for (const { key, grant } of (acted.state as WorkerState).held) {
      for (const other of believers(nodes)) {
        const own = other.id === acted.id ? undefined : heldLock(other.state, key);
        if (own === undefined || memory[`${own.grant} ${grant}`]) continue;
        memory[`${own.grant} ${grant}`] = memory[`${grant} ${own.grant}`] = true;
        found.push({ key, first: other.id, second: acted.id });
      }
    }
    return found;
  },
};

/**
 * A lock is gone while its holder believes that it has it. `keeps` says whether the servers still
 * have a grant.
 */
export function lockLost(
  keeps: (nodes: readonly Observed[], held: Held) => boolean,
): DerivedEvent<Record<string, true>> {
  return {
    remember: () => ({}),
    look({ nodes, memory }) {
      const found: Record<string, Json>[] = [];
      for (const { id, state } of believers(nodes)) {
        for (const held of state.held) {
          if (memory[held.grant] || keeps(nodes, held)) continue;
          memory[held.grant] = true;
          found.push({ key: held.key, holder: id, token: held.token });
        }
      }
      return found;
    },
  };
}

interface Grant {
  readonly key: string;
  readonly ordinal: number;
  readonly token: number | null;
  readonly holder: NodeId;
}

interface Grants {
  count: number;
  byName: Record<string, Grant>;
  seen: Record<NodeId, number>;
  /** Of each lock and thing of each storage, the latest grant under which it was written. */
  latest: Record<string, Grant>;
}

/**
 * Mutual exclusion as the data sees it: once somebody wrote who got the lock later, nobody writes
 * who got it earlier. It needs no token, since an onlooker saw who got the lock when.
 */
export const earlierHolderNeverOverwrites = invariant<Grants>({
  doc: 'Once the next holder of a lock wrote, no earlier holder of it writes the same thing.',
  remember: () => ({ count: 0, byName: {}, seen: {}, latest: {} }),
  check({ acted, memory }) {
    if (acted?.role === 'worker') noteGrants(acted, memory);
    if (!isStorage(acted)) return undefined;
    const { writes, name, grant, value } = acted.state;
    if (writes === (memory.seen[acted.id] ?? 0)) return undefined;
    memory.seen[acted.id] = writes;
    const own = memory.byName[grant];
    if (own === undefined) return undefined;
    const place = `${acted.id} ${own.key} ${name}`;
    const later = memory.latest[place];
    if (later === undefined || !isEarlier(own, later)) {
      memory.latest[place] = own;
      return undefined;
    }
    return (
      `${own.holder} wrote ${name}=${JSON.stringify(value)} at ${acted.id} after ${later.holder} ` +
      `had written it, though ${later.holder} got the lock ${own.key} later: ${own.holder} wrote ` +
      `under a lock that it had lost, and ${later.holder}'s write is overwritten.`
    );
  },
});

/** By their tokens, which say who was granted first; else by who was seen to hold it first. */
function isEarlier(a: Grant, b: Grant): boolean {
  if (a.token !== null && b.token !== null && a.token !== b.token) return a.token < b.token;
  return a.ordinal < b.ordinal;
}

function noteGrants({ id, state }: Observed<WorkerState>, memory: Grants): void {
  for (const { key, grant, token } of state.held) {
    if (memory.byName[grant] !== undefined) continue;
    const ordinal = ++memory.count;
    memory.byName[grant] = Object.freeze({ key, ordinal, token, holder: id });
  }
}

/** What the events of facts mean; for the `events` of a protocol. */
export const factEvents = {
  LockLost: 'A lock is gone, and its holder does not know yet.',
  TwoHolders: 'Two workers believe at once that they hold one lock.',
};
