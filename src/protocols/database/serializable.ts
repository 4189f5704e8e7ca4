/** Serializable snapshot isolation: finds the transactions that must not commit. */
// As in PostgreSQL (Ports, Grittner: Serializable Snapshot Isolation in PostgreSQL, VLDB 2012).
// A reader that did not see a concurrent write must come before the writer in any serial order:
// this is a dependency reader → writer. Every anomaly contains two of them in a row, T1 → pivot →
// T3, where T3 is the first of the three to commit. This is a dangerous structure: the transaction
// that would complete it, or its pivot, fails with SQLSTATE 40001.
import type { Node } from '../../protocol/types.ts';
import {
  type Database, type DatabaseState, type Table, type Transaction, type Version, type Watched,
} from './state.ts';
import type { Path } from './query/path.ts';
import { type SqlError, sqlError } from './sql/errors.ts';
import { isConcurrent, outermost, statusOf, takeSnapshot } from './versions.ts';

const failure = sqlError(
  '40001',
  'could not serialize access due to read/write dependencies among transactions',
);

/** A transaction that reads more versions of a table than this counts as reading a whole page. */
const versionsPerPageMax = 2;

/** Begins to watch a transaction when it takes its snapshot. */
export function watch(state: DatabaseState, session: string, transaction: Transaction): void {
  const id = ++state.lastWatched;
  transaction.serializable = id;
  state.watched[id] = {
    id, session, xid: transaction.scopes[0].xid,
    snapshot: transaction.snapshot ?? takeSnapshot(state),
    lastCommitBefore: state.lastCommit, prepared: 0, committed: 0, finishedBefore: 0,
    doomed: false, wrote: false, readOnly: false, earliestOut: 0,
    readBy: [], overwrittenBy: [], reads: [],
  };
}

// Reading

/** Notes what a search reads before it has found any row. */
export function noteSearch(me: Watched, name: string, table: Table, path: Path): void {
  if (path !== 'table') {
    // The place in the index where a new key would be inserted, so that a phantom is noticed.
    note(me, indexOf(name));
    return;
  }
  me.reads = me.reads.filter((read) => read !== pageOf(name) && !read.startsWith(`${name}/`));
  note(me, name);
}

/** Notes a version that a search finds, whether it is visible or not. */
export function noteVersion(
  node: Node<Database>,
  me: Watched,
  name: string,
  version: Version,
  isSeen: boolean,
): SqlError | undefined {
  if (me.doomed) return failure;
  const writer = unseenWriter(node.state, version, isSeen);
  const failed = writer === 0 ? undefined : noteUnseen(node, me, writer);
  if (failed !== undefined) return failed;
  if (isSeen && outermost(node.state, version.xmin) !== me.xid) noteRead(me, name, version);
  return undefined;
}

function note(me: Watched, read: string): void {
  if (!me.reads.includes(read)) me.reads.push(read);
}

function noteRead(me: Watched, name: string, version: Version): void {
  if (me.reads.includes(name) || me.reads.includes(pageOf(name))) return;
  note(me, `${name}/${version.position}`);
  const ofTable = (read: string) => read.startsWith(`${name}/`);
  if (me.reads.filter(ofTable).length <= versionsPerPageMax) return;
  me.reads = me.reads.filter((read) => !ofTable(read));
  note(me, pageOf(name));
}

const pageOf = (name: string) => `${name} page`;
const indexOf = (name: string) => `${name}_pkey`;

/** The transaction that made an unseen version or replaced a seen one, unless aborted; or 0. */
function unseenWriter(state: DatabaseState, version: Version, isSeen: boolean): number {
  const { xmin, xmax } = version;
  const made = statusOf(state, xmin);
  if (made === 'aborted') return 0;
  if (!isSeen) return xmin;
  const isReplaced = xmax !== 0 && statusOf(state, xmax) !== 'aborted';
  return isReplaced ? xmax : 0;
}

function noteUnseen(node: Node<Database>, me: Watched, xid: number): SqlError | undefined {
  const outer = outermost(node.state, xid);
  const writer = Object.values(node.state.watched).find((one) => one.xid === outer);
  // A writer that is not watched is not serializable, or ended before all watched transactions.
  if (writer === undefined || writer === me || writer.doomed) return undefined;
  if (!isConcurrent(xid, me.snapshot)) return undefined;
  return noteDependency(node, me, me, writer);
}

// Writing

/** Notes a change that is about to happen; `version` is absent for a new row. */
export function noteWrite(
  node: Node<Database>,
  me: Watched,
  name: string,
  version?: Version,
): SqlError | undefined {
  if (me.doomed) return failure;
  me.wrote = true;
  if (version === undefined) return noteOverwritten(node, me, [name]);
  const target = `${name}/${version.position}`;
  const failed = noteOverwritten(node, me, [target, pageOf(name), name]);
  if (failed !== undefined) return failed;
  // No other transaction can write this version now, so its read need not be noted any longer.
  me.reads = me.reads.filter((read) => read !== target);
  return undefined;
}

/** Notes a key that is about to be added to the index of the primary key. */
export function noteNewKey(
  node: Node<Database>,
  me: Watched,
  name: string,
): SqlError | undefined {
  if (me.doomed) return failure;
  me.wrote = true;
  return noteOverwritten(node, me, [indexOf(name)]);
}

function noteOverwritten(
  node: Node<Database>,
  me: Watched,
  targets: readonly string[],
): SqlError | undefined {
  for (const target of targets) {
    for (const reader of Object.values(node.state.watched)) {
      if (reader === me || reader.doomed || !reader.reads.includes(target)) continue;
      const isOver = reader.committed > 0 && me.snapshot.xmin >= reader.finishedBefore;
      const failed = isOver ? undefined : noteDependency(node, me, reader, me);
      if (failed !== undefined) return failed;
    }
  }
  return undefined;
}

// Dependencies

function noteDependency(
  node: Node<Database>,
  me: Watched,
  reader: Watched,
  writer: Watched,
): SqlError | undefined {
  if (reader.overwrittenBy.includes(writer.id)) return undefined;
  if (isDangerous(node.state, reader, writer)) {
    // The writer fails; if it has prepared its commit, the reader fails instead.
    if (writer === me || writer.prepared > 0) return failure;
    doom(node, writer);
  }
  reader.overwrittenBy.push(writer.id);
  writer.readBy.push(reader.id);
  node.event('ReadWriteDependency', { reader: reader.session, writer: writer.session });
  return undefined;
}

/** Whether `reader → writer` completes a dangerous structure. */
function isDangerous(state: DatabaseState, reader: Watched, writer: Watched): boolean {
  // reader → writer → a transaction that committed before the writer did.
  if (writer.committed > 0 && writer.earliestOut > 0) return true;
  // reader → writer → last, where the last one commits first.
  for (const id of writer.overwrittenBy) {
    const last = state.watched[id];
    const isFirst =
      last.prepared > 0 &&
      (reader.committed === 0 || last.prepared <= reader.committed) &&
      (writer.committed === 0 || last.prepared <= writer.committed) &&
      (!reader.readOnly || last.prepared <= reader.lastCommitBefore);
    if (isFirst) return true;
  }
  // first → reader → writer, where the writer commits first.
  if (writer.prepared === 0 || reader.readOnly) return false;
  return reader.readBy.some((id) => {
    const first = state.watched[id];
    return (
      !first.doomed &&
      (first.committed === 0 || first.committed >= writer.prepared) &&
      (!first.readOnly || first.lastCommitBefore >= writer.prepared)
    );
  });
}

function doom(node: Node<Database>, one: Watched): void {
  if (one.doomed) return;
  one.doomed = true;
  node.event('TransactionDoomed', { session: one.session });
}

// The end

/** Prepares a commit: fails if the transaction is doomed; dooms the pivots that it completes. */
export function prepare(node: Node<Database>, me: Watched): SqlError | undefined {
  const { watched } = node.state;
  if (me.doomed) return failure;
  for (const id of me.readBy) {
    const pivot = watched[id];
    if (pivot.committed > 0 || pivot.doomed) continue;
    const isPivot = pivot.readBy.some((far) => {
      const first = watched[far];
      return first === me || (first.committed === 0 && !first.readOnly && !first.doomed);
    });
    // One that waits for its disk cannot fail any more.
    if (isPivot && pivot.prepared > 0) return failure;
    if (isPivot) doom(node, pivot);
  }
  me.prepared = ++node.state.lastCommit;
  return undefined;
}

/** Ends a transaction, which is still watched while a concurrent one is running. */
export function unwatch(state: DatabaseState, me: Watched, isCommit: boolean): void {
  me.finishedBefore = state.nextXid;
  if (isCommit) {
    me.committed = ++state.lastCommit;
    me.readOnly = !me.wrote;
    settleDependencies(state, me);
  } else {
    forget(state, me);
  }
  const active = Object.values(state.watched).filter((one) => one.finishedBefore === 0);
  const oldest = Math.min(...active.map((one) => one.snapshot.xmin));
  for (const one of Object.values(state.watched)) {
    if (one.finishedBefore > 0 && one.finishedBefore <= oldest) forget(state, one);
  }
}

/** Of a dependency between two committed transactions, only its existence still matters. */
function settleDependencies(state: DatabaseState, me: Watched): void {
  for (const id of me.overwrittenBy.slice()) {
    const writer = state.watched[id];
    if (writer.committed === 0) continue;
    const isEarlier = me.earliestOut === 0 || writer.prepared < me.earliestOut;
    if (!me.readOnly && isEarlier) me.earliestOut = writer.prepared;
    disconnect(me, writer);
  }
  for (const id of me.readBy.slice()) {
    const reader = state.watched[id];
    if (reader.committed > 0) disconnect(reader, me);
  }
}

function disconnect(reader: Watched, writer: Watched): void {
  reader.overwrittenBy = reader.overwrittenBy.filter((id) => id !== writer.id);
  writer.readBy = writer.readBy.filter((id) => id !== reader.id);
}

function forget(state: DatabaseState, one: Watched): void {
  for (const id of one.readBy.slice()) disconnect(state.watched[id], one);
  for (const id of one.overwrittenBy.slice()) disconnect(one, state.watched[id]);
  delete state.watched[one.id];
}
