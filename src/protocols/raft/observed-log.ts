/** What Raft's invariants share: servers and entries as they observe them, and a growing list. */
import type { Frozen, Json, NodeId, Observed } from '../../protocol/types.ts';
import type { Entry as EntryOf, ReplicaState } from './state.ts';

export type Server = Observed<ReplicaState>;
/** How many servers the configuration of a server has, and which of some are among them. */
export function membersAmong(
  { state }: Server,
  nodes: readonly Observed[],
  some: readonly NodeId[],
  members = state.members,
): { count: number; among: NodeId[] } {
  const all = members ?? nodes.filter(isServer).map(({ id }) => id);
  return { count: all.length, among: some.filter((id) => all.includes(id)) };
}

export type Entry = Frozen<EntryOf<Json>>;

/** The roles of servers that replicate a log: Consul has a name of its own for it. */
const roles = ['replica', 'server'];

export function isServer(node: Observed | undefined): node is Server {
  return node !== undefined && roles.includes(node.role);
}

export function isLeader(node: Observed | undefined): node is Server {
  return isServer(node) && node.state.standing === 'leader';
}

/**
 * These fields identify an entry: a client numbers its commands, and a leader its own entries in
 * each term.
 */
export function sameEntry(a: Entry | undefined, b: Entry): boolean {
  if (a === b) return true;
  return a?.term === b.term && a.clientId === b.clientId && a.serial === b.serial;
}

/** An entry as a sentence names it, such as `put x 1 (term 2)`; lists in a command are left out. */
export function describe(entry: Entry | undefined): string {
  if (entry === undefined) return 'nothing';
  const { command, term } = entry;
  const isRecord = typeof command === 'object' && command !== null;
  const values: unknown[] = isRecord ? Object.values(command) : [command];
  return `${values.filter((value) => typeof value !== 'object').join(' ')} (term ${term})`;
}

/** A list indexed from 1 that only grows. Its full pages are frozen, so that worlds share them. */
export interface Ledger<T> {
  pages: (readonly T[])[];
  open: T[];
}

const pageSize = 256;

export function ledger<T>(): Ledger<T> {
  return { pages: [], open: [] };
}

export function recordedCount<T>({ pages, open }: Ledger<T>): number {
  return pages.length * pageSize + open.length;
}

export function recorded<T>({ pages, open }: Ledger<T>, index: number): T | undefined {
  const page = Math.floor((index - 1) / pageSize);
  const items = page === pages.length ? open : pages[page];
  return items?.[(index - 1) % pageSize];
}

export function record<T>(list: Ledger<T>, item: T): void {
  list.open.push(item);
  if (list.open.length < pageSize) return;
  list.pages.push(Object.freeze(list.open));
  list.open = [];
}
