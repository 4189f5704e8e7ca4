/** What the server promises of locks and waits at every step. */
// It decides from the rows, the lock table and the sessions alone, and has the tables of conflicts
// once more: it does not trust the code that takes locks.
import { invariant } from '../../../protocol/define.ts';
import type { Invariant } from '../../../protocol/types.ts';
import type { Strength, TableMode } from '../sql/syntax.ts';
import type { Locker, Version } from '../state.ts';
import { isServer, type State, statusOf } from '../observed.ts';

/** Strict two-phase locking: a writer of a row is its `xmax`, and others are its lockers. */
const locksLast = invariant<Record<string, number>>({
  doc: 'A transaction keeps each row lock until it ends, or rolls back to a savepoint before it.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    if (!acted.up) {
      // A crash ends all transactions, but its disk may have one as running, and not its last lock.
      for (const key of Object.keys(memory)) delete memory[key];
      return undefined;
    }
    const { state } = acted;
    const [held, places] = [heldRows(state), placesOf(state)];
    for (const [key, holder] of Object.entries(memory)) {
      const place = key.slice(0, key.indexOf(' '));
      if (key in held || !places.has(place) || statusOf(state, holder) !== 'running') continue;
      return `Transaction ${holder}, which is running, lost its lock on ${place}.`;
    }
    for (const key of Object.keys(memory)) delete memory[key];
    Object.assign(memory, held);
    return undefined;
  },
});

/** Version and running transaction (`items/3 7`) → that transaction, if it has the row. */
function heldRows(state: State): Record<string, number> {
  const held: Record<string, number> = {};
  for (const [name, { versions }] of Object.entries(state.tables)) {
    for (const version of versions) {
      for (const { xid } of holdersOf(state, version)) {
        held[`${name}/${version.position} ${xid}`] = xid;
      }
    }
  }
  return held;
}

function placesOf({ tables }: State): Set<string> {
  const places = Object.entries(tables).flatMap(([name, { versions }]) =>
    versions.map(({ position }) => `${name}/${position}`),
  );
  return new Set(places);
}

/** The running transactions that have written or locked a version, with their strengths. */
function holdersOf(state: State, { xmax, keyChanged, lockers }: Version): Locker[] {
  const writer: Locker = { xid: xmax, strength: keyChanged ? 'update' : 'no key update' };
  return [...lockers, ...(xmax === 0 ? [] : [writer])].filter(
    ({ xid }) => statusOf(state, xid) === 'running',
  );
}

/** PostgreSQL, Explicit Locking, table 13.3. SKIP LOCKED and NOWAIT take no lock that conflicts. */
const rowLocksAgree = invariant({
  doc: 'No two transactions have a row with strengths that conflict.',
  check({ acted }) {
    if (!isServer(acted)) return undefined;
    const { state } = acted;
    for (const [name, { versions }] of Object.entries(state.tables)) {
      for (const version of versions) {
        const holders = holdersOf(state, version);
        for (const { xid, strength } of holders) {
          const other = holders.find(
            (one) =>
              outermostOf(state, one.xid) !== outermostOf(state, xid) &&
              excluded[strength].includes(one.strength),
          );
          if (other === undefined) continue;
          const both = `${xid} (${strength}) and ${other.xid} (${other.strength})`;
          return `Transactions ${both} both have row ${version.row} of ${name}.`;
        }
      }
    }
    return undefined;
  },
});

/** Table 13.3, written out once more so that the code which decides by it is checked. */
const excluded: Readonly<Record<Strength, readonly Strength[]>> = {
  'key share': ['update'],
  share: ['no key update', 'update'],
  'no key update': ['share', 'no key update', 'update'],
  update: ['key share', 'share', 'no key update', 'update'],
};

function outermostOf({ parents }: State, xid: number): number {
  return parents[xid] ?? xid;
}

/** PostgreSQL, Explicit Locking, table 13.2. */
const locksAgree = invariant({
  doc: 'No two sessions hold a lock in modes that conflict: tables, advisory locks and the like.',
  check({ acted }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { locks, sessions } = acted.state;
    for (const [name, { holders }] of Object.entries(locks)) {
      for (const { session, mode } of holders) {
        const other = holders.find((one) => one.session !== session && clash(one.mode, mode));
        if (other === undefined) continue;
        const both = [other, { session, mode }].map(
          (one) => `${sessions[one.session]?.client ?? one.session} (${one.mode})`,
        );
        return `${both.join(' and ')} both hold the lock ${name}.`;
      }
    }
    return undefined;
  },
});

/** Mode → the weakest mode, by the number of its row in table 13.2, with which it conflicts. */
const weakest: Readonly<Record<TableMode, number>> = {
  'access share': 8, 'row share': 7, 'row exclusive': 5, 'share update exclusive': 4, share: 3,
  'share row exclusive': 3, exclusive: 2, 'access exclusive': 1,
};
const rank: readonly TableMode[] = [
  'access share', 'row share', 'row exclusive', 'share update exclusive', 'share',
  'share row exclusive', 'exclusive', 'access exclusive',
];

/** The same as table 13.2, whose only gap is that SHARE does not conflict with itself. */
function clash(one: TableMode, other: TableMode): boolean {
  if (one === 'share' && other === 'share') return false;
  return rank.indexOf(other) + 1 >= weakest[one];
}

/** What holds or waits for nothing cannot hinder others: a session that has ended least of all. */
const locksHaveOwners = invariant({
  doc: 'A lock belongs to a session, and to a transaction or savepoint of it that has not ended.',
  check({ acted }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { locks, sessions } = acted.state;
    for (const [name, { holders, queue }] of Object.entries(locks)) {
      for (const { session, scope } of holders) {
        const own = sessions[session];
        if (own === undefined) return `${session}, which has ended, holds the lock ${name}.`;
        if (scope < (own.transaction?.scopes.length ?? 0)) continue;
        return `${own.client} holds the lock ${name}, which it took in a part that has ended.`;
      }
      for (const { session } of queue) {
        if (sessions[session]?.waits?.type === 'lock') continue;
        return `${session} is in the queue for the lock ${name}, but it does not wait.`;
      }
    }
    return undefined;
  },
});

const neverWaits = invariant({
  doc: 'NOWAIT and SKIP LOCKED do not wait for a row, nor LOCK TABLE … NOWAIT for a table.',
  check({ acted }) {
    if (!isServer(acted) || !acted.up) return undefined;
    for (const { client, waits, query } of Object.values(acted.state.sessions)) {
      const statement = query?.statements[0];
      if (waits?.type !== 'lock' || statement === undefined) continue;
      const what = `${client} waits for the lock ${waits.lock}, although it said`;
      if (statement.type === 'lock table' && statement.nowait) return `${what} NOWAIT.`;
      if (statement.type !== 'select' || waits.on !== 'row') continue;
      const [first] = statement.locking;
      if (statement.locking.length !== 1 || first.blocked === 'wait') continue;
      return `${what} ${first.blocked.toUpperCase()}.`;
    }
    return undefined;
  },
});

/** Otherwise, nothing would wake it, and it would wait forever. */
const waitsForAnother = invariant({
  doc: 'A statement waits only for a lock that another session has, or wants and comes first.',
  check({ acted }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { state } = acted;
    for (const [id, { waits, query, client }] of Object.entries(state.sessions)) {
      if (waits === null) continue;
      if (query === null) return `${client} waits without a statement.`;
      if (waits.type !== 'lock') continue;
      const lock = state.locks[waits.lock];
      const place = lock?.queue.findIndex(({ session }) => session === id) ?? -1;
      const what = `${client} waits for the lock ${waits.lock}`;
      if (place < 0) return `${what}, but it is not in the queue.`;
      const hinders = (one: { session: string; mode: TableMode }) =>
        one.session !== id && clash(one.mode, waits.mode);
      if (lock.holders.some(hinders) || lock.queue.slice(0, place).some(hinders)) continue;
      return `${what}, which no other session has or wants.`;
    }
    return undefined;
  },
});

export const lockInvariants: Record<string, Invariant> = {
  'a row lock lasts until its transaction ends': locksLast,
  'row locks do not conflict': rowLocksAgree,
  'locks do not conflict': locksAgree,
  'a lock has an owner': locksHaveOwners,
  'NOWAIT and SKIP LOCKED do not wait': neverWaits,
  'a statement waits for another session': waitsForAnother,
};
