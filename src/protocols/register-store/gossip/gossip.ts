/** Gossip: each server updates its own copy, and merges copies with a random other server. */
// Demers et al.: Epidemic Algorithms for Replicated Database Maintenance (1987), §1.3: anti-entropy
// by push and pull. Shapiro, Preguiça, Baquero, Zawirski: Conflict-free Replicated Data Types
// (2011), §2: such copies converge if a merge is a join, and an update only goes up.
import { pick } from '../../../protocol/patterns.ts';
import type { Frozen, Json, NodeId, Role } from '../../../protocol/types.ts';
import { nextDot } from '../data/dots.ts';
import type { OperationName } from '../data/messages.ts';
import { answer, type Replication } from '../replication.ts';
import { dominates } from '../data/sessions.ts';
import type { ClientRequest, Server, ServerNode } from '../data/state.ts';
import { type Cell, emptyCell, mergedCells, shownCell, type Update, updatedCell } from './cells.ts';
import type { Cells, GossipMessages } from './gossip-state.ts';

/** The messages and timers of gossip at the server. */
export const gossipMessages: Pick<Role<Server>['messages'], keyof GossipMessages> = {
  Gossip: (node, { cells }, from) => receiveGossip(node, cells, from),
  GossipBack: (node, { cells }, from) => merge(node, cells, from),
};
export const gossipTimers = { gossip: sendGossip };

export const gossip: Replication = {
  // A client that reads one value must not get two: with siblings, it has to `get` a list.
  operations: ({ type, conflict }) => operationsOf[conflict === 'siblings' ? conflict : type],
  start: (node) => node.setTimer('gossip', node.options.gossipInterval),

  // Dynamo, §4.4: the answer carries a context, which the client gives back when it puts a value.
  read(node, request) {
    const cell = cellOf(node, request.key);
    const shown = shownCell(cell);
    const result = request.name === 'get' ? listOf(shown) : shown;
    answer(node, request, result, { context: cell.vector });
  },
  write(node, request) {
    const update = updateOf(request);
    const { state, id } = node;
    const { key } = request;
    const before = cellOf(node, key);
    const dot = nextDot(before.vector, id);
    const time = node.now();
    const after = updatedCell(before, update, dot, time);
    state.cells[key] = after;
    node.event('Updated', { ...dot, key, does: update, time, value: shownCell(after) });
    noteSiblings(node, key, before);
    answer(node, request, 'OK');
  },
};

/** What `get` answers: a list, also if the store never has more than one value. */
function listOf(shown: Json): Json {
  if (Array.isArray(shown)) return shown;
  return shown === null ? [] : [shown];
}

function cellOf({ state, options }: ServerNode, key: string): Cell {
  return state.cells[key] ?? emptyCell(options.type, options.conflict);
}

function updateOf({ name, value, context }: Frozen<ClientRequest>): Update {
  switch (name) {
    case 'increment':
      return { type: 'increment', amount: Number(value) };
    case 'decrement':
      return { type: 'increment', amount: -Number(value) };
    case 'add':
    case 'remove':
      return { type: name, value: value as string };
    default:
      return { type: 'write', value: value as string, context };
  }
}

/** What a key is → the operations that it has. */
const operationsOf: Readonly<Record<string, readonly OperationName[]>> = {
  register: ['read', 'write', 'get', 'put'],
  siblings: ['get', 'put'],
  counter: ['read', 'increment', 'decrement'],
  set: ['read', 'add', 'remove'],
};

/** A cell that includes all of another one needs no merge. */
function merge(node: ServerNode, cells: Cells, from: NodeId): void {
  for (const key in cells) {
    const before = cellOf(node, key);
    if (dominates(before.vector, cells[key].vector)) continue;
    const after = mergedCells(before, cells[key]);
    node.state.cells[key] = after;
    node.event('Merged', { key, from, vector: after.vector, value: shownCell(after) });
    noteSiblings(node, key, before);
  }
}

function noteSiblings(node: ServerNode, key: string, before: Cell): void {
  const after = node.state.cells[key];
  if (after.keeps !== 'siblings' || before.keeps !== 'siblings') return;
  if (after.values.length > Math.max(1, before.values.length)) {
    node.event('SiblingsKept', { key, values: shownCell(after) });
  }
}

/** Push: all that this server has, to one other server. */
function sendGossip(node: ServerNode): void {
  const { peers, state, options } = node;
  node.setTimer('gossip', options.gossipInterval);
  if (peers.length === 0) return;
  node.send(pick(node, peers), { type: 'Gossip', cells: state.cells });
}

/** Pull: the receiver answers with what the sender lacks. */
function receiveGossip(node: ServerNode, cells: Cells, from: NodeId): void {
  merge(node, cells, from);
  const missing: Record<string, Cell> = {};
  for (const [key, cell] of Object.entries(node.state.cells)) {
    if (!dominates(cells[key]?.vector ?? {}, cell.vector)) missing[key] = cell;
  }
  if (Object.keys(missing).length > 0) node.send(from, { type: 'GossipBack', cells: missing });
}
