/** What the catalogue promises at every step: on each server, and on all that applied as much. */
import { invariant } from '../../../protocol/define.ts';
import type { Invariant, NodeId } from '../../../protocol/types.ts';
import { appliedIn, emptyLedger, isServer, type Ledger, note } from './applied.ts';
import type { ServerState } from '../state.ts';

interface Seen {
  lastApplied: number;
  /** For each key its ModifyIndex, and the session that held it. */
  keys: Record<string, { modifyIndex: number; session: string | null }>;
}

/** HTTP API, "Blocking Queries": a client that waits for an index must not miss a change. */
const indexesGrow = invariant<Record<NodeId, Seen>>({
  doc: 'A key that changes gets the index of the entry that changed it, which is a higher one.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { lastApplied, keys } = acted.state;
    const last = memory[acted.id];
    if (last?.lastApplied === lastApplied) return undefined;
    const seen: Seen = (memory[acted.id] = { lastApplied, keys: {} });
    const hasRestarted = last === undefined || lastApplied < last.lastApplied;
    for (const [key, { modifyIndex, session }] of Object.entries(keys)) {
      seen.keys[key] = { modifyIndex, session };
      if (modifyIndex > lastApplied) {
        return `${key} has ModifyIndex ${modifyIndex}, but ${acted.id} applied ${lastApplied}.`;
      }
      const old = hasRestarted ? undefined : last.keys[key];
      const isChanged = old === undefined ? session !== null : old.session !== session;
      if (!isChanged || modifyIndex > (hasRestarted ? 0 : last.lastApplied)) continue;
      const after = hasRestarted ? 0 : last.lastApplied;
      return `${key} changed after index ${after}, but its ModifyIndex is ${modifyIndex}.`;
    }
    return undefined;
  },
});

/** An answered query ends. A query that is left behind would wait forever, or be answered twice. */
const queriesAnswered = invariant<Record<NodeId, Record<string, number>>>({
  doc: 'When a key changes on a server, all blocking queries for it there are answered.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { keys, blocked } = acted.state;
    const before = memory[acted.id] ?? {};
    const now: Record<string, number> = (memory[acted.id] = {});
    const changed = new Set<string>();
    for (const [key, { modifyIndex }] of Object.entries(keys)) {
      now[key] = modifyIndex;
      if ((before[key] ?? 0) < modifyIndex) changed.add(key);
    }
    for (const key in before) if (!(key in keys)) changed.add(key);
    const left = blocked.find(({ get: { key, index } }) =>
      changed.has(key) && (keys[key]?.modifyIndex ?? acted.state.index) > index);
    return left && `${left.get.key} changed, but ${left.caller.from} still waits for that.`;
  },
});

/** Documentation, "Sessions", lock-delay: "a safeguard" for a holder that is still at work. */
const invalidationDelays = invariant<Ledger>({
  doc: 'Each server that applies the invalidation of a holder delays the key, before it restarts.',
  remember: emptyLedger,
  check({ acted, events, memory }) {
    if (!isServer(acted)) return undefined;
    for (const entry of appliedIn(events)) {
      note(memory, entry);
      const { reported, index } = entry;
      // What it applied before a restart it does not report again.
      if (!reported.some(({ name }) => name === 'SessionInvalidated')) continue;
      for (const key of memory.freed[index] ?? []) {
        const isDelayed = reported.some(({ name, fields }) =>
          name === 'LockDelayed' && fields.key === key);
        if (isDelayed) continue;
        return `The holder of ${key} was invalidated, but ${acted.id} does not delay ${key}.`;
      }
    }
    return undefined;
  },
});

const lockIndexCountsHolders = invariant<Ledger>({
  doc: 'The LockIndex of a key grows by one when another session acquires it, and only then.',
  remember: emptyLedger,
  check({ acted, events, memory }) {
    if (!isServer(acted)) return undefined;
    for (const entry of appliedIn(events)) {
      const { command, response, index } = entry;
      const before = command.op === 'acquire' ? memory.keys[command.key] : undefined;
      if (!note(memory, entry) || command.op !== 'acquire') continue;
      if (typeof response !== 'object' || response === null || !('acquired' in response)) continue;
      const { session = null, lockIndex = 0 } = before ?? {};
      const isTaken = response.acquired && session !== command.session;
      if (response.lockIndex === lockIndex + Number(isTaken)) continue;
      const how = isTaken ? `gave it to ${command.session}` : 'gave it to no other session';
      return (
        `Entry ${index} ${how}, but the LockIndex of ${command.key} went from ${lockIndex} to ` +
        `${response.lockIndex}.`
      );
    }
    return undefined;
  },
});

const noDeadHolder = invariant({
  doc: 'A key is held only by a session that is valid.',
  check({ acted }) {
    if (!isServer(acted)) return undefined;
    const { keys, sessions } = acted.state;
    for (const key in keys) {
      const { session } = keys[key];
      if (session === null || session in sessions) continue;
      return `${key} is held by ${session}, a session that is over: it will never be released.`;
    }
    return undefined;
  },
});

/** Fails if a server decides by its own clock, or by what it keeps in memory, as it applies. */
const sameLogSameCatalog = invariant<Record<NodeId, number>>({
  doc: 'Servers that have applied the same entries have the same keys, sessions and checks.',
  remember: () => ({}),
  check({ acted, nodes, memory }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { lastApplied } = acted.state;
    if (memory[acted.id] === lastApplied) return undefined;
    memory[acted.id] = lastApplied;
    const text = catalogText(acted.state);
    for (const other of nodes) {
      if (!isServer(other) || other === acted || !other.up) continue;
      if (other.state.lastApplied !== lastApplied || catalogText(other.state) === text) continue;
      const both = `${acted.id} and ${other.id} have both applied ${lastApplied} entries`;
      return `${both}, but one has ${text} and the other ${catalogText(other.state)}.`;
    }
    return undefined;
  },
});

function catalogText({ keys, sessions, checks, deregistered }: Readonly<ServerState>): string {
  const listed = Object.keys(keys).sort().map((key) => {
    const { session, lockIndex, modifyIndex } = keys[key];
    return `${key} (${session ?? 'free'}, ${lockIndex}/${modifyIndex})`;
  });
  const ids = Object.keys(sessions).sort().join(', ') || 'none';
  const health = JSON.stringify([checks, deregistered]);
  const shown = health === '[{},{}]' ? '' : `, health ${health}`;
  return `${listed.join(', ') || 'no key'}, sessions ${ids}${shown}`;
}

export const catalogInvariants: Record<string, Invariant> = {
  'indexes grow': indexesGrow,
  'a change answers its queries': queriesAnswered,
  'an invalidation starts the lock-delay': invalidationDelays,
  'the LockIndex counts holders': lockIndexCountsHolders,
  'a holder has a valid session': noDeadHolder,
  'same log, same catalogue': sameLogSameCatalog,
};
