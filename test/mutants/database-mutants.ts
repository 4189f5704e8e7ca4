/** The mutants of the database, each with a scenario in which it violates its invariant. */
import type { BundledMutant } from './bundled.ts';

export interface DatabaseMutant extends BundledMutant {
  steps: readonly string[];
}

const sql = (client: string, statement: string) => `start ${client} sql "${statement}"`;
const take = (client: string) => sql(client, 'UPDATE items SET qty = qty - 1 WHERE id = 1');
const lock = (client: string, how: string) => sql(client, `SELECT * FROM items FOR ${how}`);
const look = (client: string) => sql(client, 'SELECT * FROM items');
const begin = (client: string, level = 'READ COMMITTED') =>
  sql(client, `BEGIN ISOLATION LEVEL ${level}`);
const commit = (client: string) => sql(client, 'COMMIT');

/** Each step is answered, or waits for a lock, before the next begins. */
function inTurn(...steps: string[]): string[] {
  return steps.flatMap((step) => [step, 'wait 100ms']);
}

const of = (file: string) => ({ protocol: 'database' as const, file: `database/${file}.ts` });

/** A and B each read what the other writes, while C keeps their transactions from being forgotten. */
const writeSkew = inTurn(
  begin('C', 'SERIALIZABLE'), sql('C', 'SELECT * FROM orders'),
  begin('A', 'SERIALIZABLE'), begin('B', 'SERIALIZABLE'), look('A'), look('B'),
  take('A'), sql('B', 'UPDATE items SET qty = qty - 1 WHERE id = 2'), commit('A'), commit('B'),
);

export const databaseMutants: Record<string, DatabaseMutant> = {
  'database-sells-anything': {
    doc: 'An UPDATE is executed, but its WHERE is not tested again after a wait.',
    ...of('query/locking'),
    line: "return isSelected ? env : 'left out';",
    broken: 'return env;',
    violates: 'no more is sold than there was',
    steps: ['start A buy', 'start B buy', 'wait 1s'],
  },
  'database-dirty-read': {
    doc: 'A query also sees the versions of transactions that are running.',
    ...of('versions'),
    line: "return statusOf(state, xid) === 'committed' && !isConcurrent(xid, snapshot);",
    broken: "return statusOf(state, xid) !== 'aborted';",
    violates: 'no dirty read',
    steps: inTurn(begin('A'), take('A'), begin('B'), look('B')),
  },
  'database-unmarked-version': {
    doc: 'An UPDATE adds a version without marking the one that it replaces.',
    ...of('locks/row-locks'),
    line: 'version.xmax = xid;',
    broken: '',
    violates: 'a row has one current version',
    steps: inTurn(take('A')),
  },
  'database-stale-commit': {
    doc: 'A commit does not publish the rows of its tables.',
    ...of('transactions/transactions'),
    line: 'state.committed[name] = committedRows(state, table);',
    broken: '',
    violates: 'committed rows last',
    steps: inTurn(take('A')),
  },
  'database-lost-tables': {
    doc: 'The tables are not on disk.',
    ...of('server'),
    line: "'tables', 'transactions', 'logged', 'parents', 'undo', 'nextXid', 'lastEnded', 'committed',",
    broken: "'transactions', 'logged', 'parents', 'undo', 'nextXid', 'lastEnded',",
    violates: 'committed rows last',
    steps: [...inTurn(take('A')), 'crash db'],
  },
  'database-hasty-commit': {
    doc: 'A commit does not wait until its record is on disk.',
    ...of('transactions/transactions'),
    line: "if (node.sync('flushed', session)) return true;",
    broken: "return node.sync('flushed', session) || true;",
    violates: 'committed rows last',
    steps: ['disk db stall for 5s', ...inTurn(take('A')), 'crash db'],
  },
  'database-ignored-records': {
    doc: 'A restart forgets the commits whose record was on disk.',
    ...of('server'),
    line: "for (const xid of state.logged) state.transactions[xid] = 'committed';",
    broken: '',
    violates: 'committed rows last',
    steps: ['disk db slow 20ms', ...inTurn(take('A')), 'crash db', 'restart db', 'wait 1s'],
  },
  'database-stolen-lock': {
    doc: 'A lock takes the place of those that others have on the row.',
    ...of('locks/row-locks'),
    line: 'version.lockers = [...others, { xid, strength }];',
    broken: 'version.lockers = [{ xid, strength }];',
    violates: 'a row lock lasts until its transaction ends',
    steps: inTurn(begin('A'), lock('A', 'SHARE'), begin('B'), lock('B', 'SHARE')),
  },
  'database-shared-row': {
    doc: 'Only locks of the same strength exclude each other.',
    ...of('locks/row-locks'),
    line: '.filter((one) => strengthsConflict(one.strength, strength))',
    broken: '.filter((one) => one.strength === strength)',
    violates: 'row locks do not conflict',
    steps: inTurn(begin('A'), lock('A', 'UPDATE'), begin('B'), lock('B', 'SHARE')),
  },
  'database-shared-table': {
    doc: 'A lock is taken although another session has it.',
    ...of('locks/lock-table'),
    line: 'if (holders.some(hinders)) return true;',
    broken: '',
    violates: 'locks do not conflict',
    steps: inTurn(begin('A'), sql('A', 'LOCK TABLE items'), begin('B'), sql('B', 'LOCK TABLE items')),
  },
  'database-kept-lock': {
    doc: 'The end of a session does not free its advisory locks.',
    ...of('sessions/sessions'),
    line: 'giveBackAll(node, id, () => true);',
    broken: '',
    violates: 'a lock has an owner',
    steps: inTurn(sql('A', 'SELECT pg_advisory_lock(1)'), 'crash A', 'restart A'),
  },
  'database-waiting-nowait': {
    doc: 'NOWAIT waits.',
    ...of('locks/row-locks'),
    line: "if (target.blocked === 'nowait') {",
    broken: 'if (false) {',
    violates: 'NOWAIT and SKIP LOCKED do not wait',
    steps: inTurn(begin('A'), lock('A', 'UPDATE'), begin('B'), lock('B', 'UPDATE NOWAIT')),
  },
  'database-forgotten-waiter': {
    doc: 'A lock that becomes free is not given to those that wait for it.',
    ...of('locks/lock-table'),
    line: 'state.ready.push(session);',
    broken: 'lock.queue.push(request);',
    violates: 'a statement waits for another session',
    steps: inTurn(begin('A'), take('A'), take('B'), commit('A')),
  },
  'database-lost-client': {
    doc: 'When a session ends, its transaction goes on.',
    ...of('sessions/sessions'),
    line: 'if (session.transaction !== null) rollback(node, id, session.transaction);',
    broken: '',
    violates: 'a running transaction has a session',
    steps: inTurn(begin('A'), take('A'), 'crash A', 'restart A'),
  },
  'database-forgotten-numbers': {
    doc: 'The number of the next transaction is not on disk.',
    ...of('server'),
    line: "'tables', 'transactions', 'logged', 'parents', 'undo', 'nextXid', 'lastEnded', 'committed',",
    broken: "'tables', 'transactions', 'logged', 'parents', 'undo', 'committed',",
    violates: 'the end of a transaction is final',
    steps: [...inTurn(begin('A'), take('A')), 'crash db'],
  },
  'database-new-snapshots': {
    doc: 'Each statement takes a new snapshot, at all levels.',
    ...of('transactions/transactions'),
    line: "if (transaction.snapshot !== null && transaction.level !== 'read committed') return;",
    broken: '',
    violates: 'a snapshot lasts',
    steps: inTurn(begin('A', 'REPEATABLE READ'), look('A'), take('B'), look('A')),
  },
  'database-one-sided-dependency': {
    doc: 'A dependency is noted at its reader only.',
    ...of('serializable'),
    line: 'writer.readBy.push(reader.id);',
    broken: '',
    violates: 'dependencies agree',
    steps: writeSkew,
  },
  'database-commits-doomed': {
    doc: 'A commit does not notice that the transaction is doomed.',
    ...of('transactions/transactions'),
    line: 'const failed = watched && prepare(node, watched);',
    broken: 'const failed = watched && prepare(node, { ...watched, doomed: false });',
    violates: 'a doomed transaction does not commit',
    steps: writeSkew,
  },
};
