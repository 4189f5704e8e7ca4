/** Consul's log as its invariants see it: entries, and what a server reported as it applied one. */
import type { Frozen, Micros, NodeId, Observed, ObservedEvent } from '../../../protocol/types.ts';
import type { NoOp } from '../../raft/state.ts';
import type { Behavior, ConsulResponse, Logged } from '../api.ts';
import type { ServerState } from '../state.ts';

export function isServer(node: Observed | undefined): node is Observed<ServerState> {
  return node?.role === 'server';
}

export interface AppliedEntry {
  readonly index: number;
  readonly command: Frozen<Logged | NoOp>;
  readonly response: Frozen<ConsulResponse> | null;
  /** What the server reported while it applied the entry. */
  readonly reported: readonly ObservedEvent[];
}

/** The entries that a server applied in a step, in their order. */
export function appliedIn(events: readonly ObservedEvent[]): AppliedEntry[] {
  const entries: AppliedEntry[] = [];
  let reported: ObservedEvent[] = [];
  for (const event of events) {
    if (event.name === 'EntryApplied') {
      const { index, command, response } = event.fields;
      entries.push({ index, command, response, reported });
      reported = [];
    } else reported.push(event);
  }
  return entries;
}

/** The catalogue's locks after the entries that any server has applied, from these alone. */
export interface Ledger {
  /** The highest index that was applied anywhere. */
  applied: number;
  keys: Record<string, { session: string | null; lockIndex: number }>;
  sessions: Record<string, { behavior: Behavior; lockDelay: Micros; client: NodeId }>;
  /** Index of an invalidation → the keys that it freed, if their session had a lock-delay. */
  freed: Record<number, readonly string[]>;
}

export const emptyLedger = (): Ledger => ({ applied: 0, keys: {}, sessions: {}, freed: {} });

/** Notes an entry that no server has applied before; returns false for others. */
export function note(ledger: Ledger, entry: AppliedEntry): boolean {
  const { index, command, response, reported } = entry;
  if (index <= ledger.applied) return false;
  ledger.applied = index;
  const { keys, sessions } = ledger;
  for (const { name, fields } of reported) {
    if (name === 'SessionInvalidated') invalidate(ledger, index, fields.session);
    if (name === 'KeyDeleted') delete keys[fields.key];
  }
  if (typeof response !== 'object' || response === null) {
    if (command.op === 'release' && response === true) keys[command.key].session = null;
    return true;
  }
  if (command.op === 'session create' && 'ttl' in response) {
    const { behavior, lockDelay, client } = command;
    sessions[response.session] = { behavior, lockDelay, client };
  }
  if (command.op === 'acquire' && 'acquired' in response && response.acquired) {
    keys[command.key] = { session: command.session, lockIndex: response.lockIndex };
  }
  return true;
}

function invalidate({ keys, sessions, freed }: Ledger, index: number, session: string): void {
  const known = sessions[session];
  if (known === undefined) return;
  delete sessions[session];
  const held = Object.keys(keys).filter((key) => keys[key].session === session);
  if (known.lockDelay > 0) freed[index] = [...(freed[index] ?? []), ...held];
  for (const key of held) {
    if (known.behavior === 'delete') delete keys[key];
    else keys[key].session = null;
  }
}
