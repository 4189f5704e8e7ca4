/** What the database promises at every step: of rows and locks, of transactions and waits. */
// Each looks only at the server, in a step in which it acted, and decides from the versions and the
// statuses alone which rows are committed: it does not trust the code that reads them.
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId } from '../../protocol/types.ts';
import { lockInvariants } from './locks/lock-invariants.ts';
import { isServer, type State, type Status, statusOf } from './observed.ts';
import type { Snapshot, Version } from './state.ts';

/** The transaction that deleted or replaced a version, unless it was aborted; 0 if none did. */
function replacedBy(state: State, { xmax }: Version): number {
  return xmax === 0 || statusOf(state, xmax) === 'aborted' ? 0 : xmax;
}

// Rows

/** PostgreSQL, Concurrency Control, 13.2.1: "Read Committed": no query sees uncommitted data. */
const noDirtyRead = invariant<Record<string, string>>({
  doc: 'A transaction sees only rows that are committed, and its own (no dirty read, Adya’s G1a).',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { state } = acted;
    for (const [id, { seen, transaction, client }] of Object.entries(state.sessions)) {
      for (const [row, values] of Object.entries(seen)) {
        const text = JSON.stringify(values);
        if (memory[`${id} ${row}`] === text) continue;
        memory[`${id} ${row}`] = text;
        const writer = dirtyWriter(state, row, text, transaction?.xid ?? 0);
        if (writer === undefined) continue;
        return `${client} saw ${text} in ${row}, which transaction ${writer} has not committed.`;
      }
    }
    return undefined;
  },
});

/** The writer of these values, if neither a committed version nor the reader's own one has them. */
function dirtyWriter(state: State, row: string, text: string, own: number): number | undefined {
  const slash = row.lastIndexOf('/');
  const { versions } = state.tables[row.slice(0, slash)];
  let writer: number | undefined;
  for (const version of versions) {
    if (version.row !== Number(row.slice(slash + 1))) continue;
    if (JSON.stringify(version.values) !== text) continue;
    if (version.xmin === own || statusOf(state, version.xmin) === 'committed') return undefined;
    writer = version.xmin;
  }
  return writer;
}

const oneCurrentVersion = invariant({
  doc: 'A row has at most one version that no other has replaced: a write replaces the last one.',
  check({ acted }) {
    if (!isServer(acted)) return undefined;
    const { state } = acted;
    for (const [name, { versions }] of Object.entries(state.tables)) {
      const current = new Map<number, Version>();
      for (const version of versions) {
        if (statusOf(state, version.xmin) === 'aborted') continue;
        if (replacedBy(state, version) !== 0) continue;
        const other = current.get(version.row);
        current.set(version.row, version);
        if (other === undefined) continue;
        const both = [other, version].map(({ values }) => JSON.stringify(values)).join(' and ');
        return `Row ${version.row} of ${name} has two current versions: ${both}.`;
      }
    }
    return undefined;
  },
});

/** Durability: what was committed is the same after a crash, and before the next commit. */
const committedRowsLast = invariant<Durable>({
  doc: 'The committed rows are those of committed transactions, even after a crash (durability).',
  remember: () => ({ rows: '', running: [], promised: true, lost: '' }),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { state } = acted;
    for (const [name, { versions }] of Object.entries(state.tables)) {
      const current = versions.filter((version) => isCommitted(state, version));
      const rows = current.map(({ values }) => values);
      const [shown, stored] = [state.committed[name] ?? [], rows].map((one) => JSON.stringify(one));
      if (shown === stored) continue;
      return `${name} has the committed rows ${stored}, but new transactions see ${shown}.`;
    }
    const { rows: before, running, promised, lost } = memory;
    const rows = JSON.stringify(state.committed);
    memory.rows = rows;
    memory.running = Object.keys(state.transactions).filter(
      (xid) => state.transactions[xid] === 'running',
    );
    memory.promised = state.asynchronous.length === 0;
    memory.lost = '';
    if (acted.up) {
      return lost === '' || rows === lost ? undefined : lostRows(acted.id, lost, rows);
    }
    if (before === '' || !promised || rows === before) return undefined;
    if (state.logged.length === 0) return lostRows(acted.id, before, rows);
    // The disk has the commit, but only the restart shows its rows. If nothing else came with it,
    // they must be those from before the crash.
    if (!state.logged.some((xid) => running.includes(String(xid)))) memory.lost = before;
    return undefined;
  },
});

interface Durable {
  rows: string;
  /** The transactions that had not ended. */
  running: readonly string[];
  /** Whether all that had committed had to be on disk, with `synchronous_commit` on. */
  promised: boolean;
  /** The rows that a restart must show again; empty if there are none. */
  lost: string;
}

function lostRows(id: NodeId, before: string, now: string): string {
  return `${id} lost committed rows in a crash: ${before} became ${now}.`;
}

function isCommitted(state: State, version: Version): boolean {
  if (statusOf(state, version.xmin) !== 'committed') return false;
  const by = replacedBy(state, version);
  return by === 0 || statusOf(state, by) !== 'committed';
}

// Transactions

/** A transaction without a session would keep its locks forever. */
const runningHasSession = invariant({
  doc: 'Each running transaction belongs to exactly one session.',
  check({ acted }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { sessions, transactions } = acted.state;
    const owners = new Map<string, NodeId>();
    for (const [id, { transaction }] of Object.entries(sessions)) {
      const xid = String(transaction?.xid ?? 0);
      if (xid === '0') continue;
      const other = owners.get(xid);
      if (other !== undefined) return `${other} and ${id} are both in transaction ${xid}.`;
      owners.set(xid, id);
    }
    for (const [xid, status] of Object.entries(transactions)) {
      if (status !== 'running' || owners.has(xid)) continue;
      return `Transaction ${xid} is running, but no session is in it.`;
    }
    return undefined;
  },
});

interface Statuses {
  nextXid: number;
  ended: Record<string, Status>;
  /** Whether all that had committed had to be on disk. */
  promised: boolean;
}

const statusIsFinal = invariant<Statuses>({
  doc: 'A transaction that committed or was aborted stays so, and its number is not used again.',
  remember: () => ({ nextXid: 0, ended: {}, promised: true }),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { transactions, nextXid, logged } = acted.state;
    // What had not reached the disk is forgotten in a crash, with its numbers.
    if (acted.up && nextXid < memory.nextXid) {
      const fell = `fell from ${memory.nextXid} to ${nextXid}`;
      return `The next transaction number of ${acted.id} ${fell}.`;
    }
    memory.nextXid = nextXid;
    const ahead = Object.keys(transactions).find((xid) => Number(xid) >= nextXid);
    if (ahead !== undefined) {
      const next = `the next one of ${acted.id} gets number ${nextXid}`;
      return `Transaction ${ahead} is known, but ${next}.`;
    }
    const before = memory.ended;
    memory.ended = {};
    const { promised } = memory;
    memory.promised = acted.state.asynchronous.length === 0;
    for (const [xid, status] of Object.entries(transactions)) {
      if (status !== 'running') memory.ended[xid] = status;
      if (before[xid] === undefined || before[xid] === status) continue;
      const isUnwritten = before[xid] === 'aborted' || logged.includes(Number(xid));
      if (!acted.up && (isUnwritten || !promised)) continue;
      return `Transaction ${xid} was ${before[xid]}, and is ${status} now.`;
    }
    return undefined;
  },
});

const snapshotLasts = invariant<Record<NodeId, Snapshot>>({
  doc: 'Repeatable read and serializable keep the snapshot of the first query to the end.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { sessions } = acted.state;
    for (const id of new Set([...Object.keys(memory), ...Object.keys(sessions)])) {
      const before = memory[id];
      const transaction = sessions[id]?.transaction ?? null;
      const snapshot = transaction?.snapshot ?? null;
      delete memory[id];
      if (transaction === null || transaction.level === 'read committed') continue;
      if (snapshot !== null) memory[id] = snapshot;
      if (before === undefined || transaction.failed) continue;
      const [old, now] = [before, snapshot].map((one) => JSON.stringify(one));
      if (old === now) continue;
      const what = `${sessions[id].client} is in a ${transaction.level} transaction`;
      return `${what}, whose snapshot ${old} became ${now}.`;
    }
    return undefined;
  },
});

// Serializable

const dependenciesAgree = invariant({
  doc: 'A read/write dependency is known to both of its transactions, as long as both are watched.',
  check({ acted }) {
    if (!isServer(acted)) return undefined;
    const { watched } = acted.state;
    for (const { id, readBy, overwrittenBy } of Object.values(watched)) {
      const writers = overwrittenBy.filter((writer) => !watched[writer]?.readBy.includes(id));
      const readers = readBy.filter((reader) => !watched[reader]?.overwrittenBy.includes(id));
      const [writer] = writers;
      const [reader] = readers;
      if (writer !== undefined) return `${id} → ${writer} is a dependency that ${writer} lacks.`;
      if (reader !== undefined) return `${reader} → ${id} is a dependency that ${reader} lacks.`;
    }
    return undefined;
  },
});

const doomedNeverCommits = invariant({
  doc: 'A doomed transaction, the pivot of a dangerous structure, does not commit.',
  check({ acted }) {
    if (!isServer(acted)) return undefined;
    for (const { session, doomed, committed } of Object.values(acted.state.watched)) {
      if (!doomed || committed === 0) continue;
      return `The transaction of ${session} was doomed, and committed.`;
    }
    return undefined;
  },
});

export const serverInvariants: Record<string, Invariant> = {
  'no dirty read': noDirtyRead,
  'the end of a transaction is final': statusIsFinal,
  'a row has one current version': oneCurrentVersion,
  'committed rows last': committedRowsLast,
  ...lockInvariants,
  'a running transaction has a session': runningHasSession,
  'a snapshot lasts': snapshotLasts,
  'dependencies agree': dependenciesAgree,
  'a doomed transaction does not commit': doomedNeverCommits,
};
