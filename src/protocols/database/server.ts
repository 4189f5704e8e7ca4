/** The database server: it executes the statements of sessions, answers them, or lets them wait. */
import { heldLocks } from './locks/held-locks.ts';
import { role } from '../../protocol/define.ts';
import type { Node, NodeId } from '../../protocol/types.ts';
import { detect } from './locks/deadlock.ts';
import { emptyTable } from './definitions.ts';
import { options } from './options.ts';
import { cancelStatement, checkClient, continueReady, receive } from './sessions/queries.ts';
import {
  clientGone, leave, openSession, setCheckTimer, terminate,
} from './sessions/sessions.ts';
import {
  type Database, type DatabaseState, frozen, type Session, type SessionId, type Table,
} from './state.ts';
import type { Column, Values } from './sql/syntax.ts';
import { subset } from './sql/subset.ts';
import { forgetUndo, undoTables } from './transactions/undo.ts';
import { addVersion, committedRows, vacuum } from './versions.ts';

type Server = Node<Database>;

export const database = role<Database>({
  doc: `A database server like PostgreSQL: row versions, locks, three isolation levels. ${subset}`,
  options,
  // `serial` only matches an answer with its statement.
  summary: {
    messages: {
      Result: ({ summary }) => (typeof summary === 'string' ? summary : JSON.stringify(summary)),
      Refused: ({ code, message }) => `${code} ${message}`,
      Notification: ({ channel, payload }) => (payload === '' ? channel : `${channel} ${payload}`),
    },
  },
  durable: [
    'tables', 'transactions', 'logged', 'parents', 'undo', 'nextXid', 'lastEnded', 'committed',
    'boots',
  ],
  // A crash aborts what has not committed, so only a commit has to be on disk.
  sync: 'lazy',
  init({ options: { items, stock } }) {
    const state: DatabaseState = {
      tables: shop(items, stock), transactions: {}, logged: [], parents: {}, undo: [],
      nextXid: frozen + 1, lastEnded: frozen, committed: {}, boots: 0,
      sessions: {}, lastPid: 100, signals: [], asynchronous: [],
      locks: {}, watched: {}, lastWatched: 0, lastCommit: 0, lastTicket: 0, ready: [],
    };
    for (const [name, table] of Object.entries(state.tables)) {
      state.committed[name] = committedRows(state, table);
    }
    return state;
  },
  start(node) {
    if (node.state.boots++ > 0) recover(node);
  },

  messages: {
    Query(node, { serial, sql }, _, connection) {
      if (node.state.sessions[connection] === undefined) return;
      receive(node, connection, { serial, sql });
      continueReady(node);
    },
    /** The goodbye of a client: like the end of its connection, but it is read in its turn. */
    Terminate(node, _, __, connection) {
      leave(node, connection);
      continueReady(node);
    },
  },

  connection: {
    socket: ({ options: given }) => ({
      keepAlive: {
        idle: given.tcp_keepalives_idle,
        interval: given.tcp_keepalives_interval,
        count: given.tcp_keepalives_count,
      },
      userTimeout: given.tcp_user_timeout,
    }),
    opened(node, peer, connection) {
      openSession(node, connection, peer);
    },
    ended(node, _, connection) {
      clientGone(node, connection);
      continueReady(node);
    },
  },

  timers: {
    deadlock(node, { session: id, ticket }) {
      const { state } = node;
      if (state.sessions[id]?.waits?.ticket !== ticket) return;
      const cycle = detect(node, id);
      if (cycle !== undefined) {
        const clientOf = (one: SessionId) => state.sessions[one].client;
        node.event('Deadlock', { session: clientOf(id), cycle: cycle.map(clientOf) });
        cancelStatement(node, id, '40P01', 'deadlock detected');
      }
      continueReady(node);
    },
    lockTimeout(node, { session: id, ticket }) {
      if (node.state.sessions[id]?.waits?.ticket !== ticket) return;
      cancelStatement(node, id, '55P03', 'canceling statement due to lock timeout');
      continueReady(node);
    },
    sleep(node, { session: id, ticket }) {
      const session = node.state.sessions[id];
      if (session?.waits?.ticket !== ticket) return;
      session.granted = 'sleep';
      node.state.ready.push(id);
      continueReady(node);
    },
    /** The commit of a session is on disk. */
    flushed(node, id) {
      const session = node.state.sessions[id];
      const [next, statuses] = [node.onDisk('nextXid'), node.onDisk('transactions')];
      const isMissing = (xid: number) => xid >= next || statuses[xid] === 'running';
      node.state.asynchronous = node.state.asynchronous.filter(isMissing);
      if (session?.waits?.type !== 'flush') return;
      session.granted = 'flush';
      node.state.ready.push(id);
      continueReady(node);
    },
    statementTimeout(node, id) {
      cancelStatement(node, id, '57014', 'canceling statement due to statement timeout');
      continueReady(node);
    },
    idleTimeout(node, id) {
      const session = node.state.sessions[id];
      if (session === undefined || session.query !== null) return;
      if (session.transaction === null) {
        terminate(node, id, '57P05', 'terminating connection due to idle-session timeout');
      } else {
        const message = 'terminating connection due to idle-in-transaction timeout';
        terminate(node, id, '25P03', message);
      }
      continueReady(node);
    },
    checkConnection(node, id) {
      if (checkClient(node, id)) setCheckTimer(node, id);
      continueReady(node);
    },
  },

  lookDocs: {
    '…': 'Of a table, its committed rows; of a client, what its transaction has done or waits for.',
  },
  look: (state) => ({
    authority: {},
    holder: heldLocks(state),
    facts: { ...sessionFacts(state), ...tableFacts(state.committed) },
  }),
});

// The first state, and the state after a crash

/** The tables of a shop: the items for sale, and the orders. */
function shop(items: number, stock: number): Record<string, Table> {
  const integer = (name: string): Column => ({ name, type: 'integer' });
  const buyer: Column = { name: 'buyer', type: 'text' };
  const goods = emptyTable(
    [integer('id'), integer('qty'), integer('version')],
    [{ type: 'primary key', name: 'items_pkey', columns: ['id'] }],
  );
  for (let id = 1; id <= items; id++) addVersion(goods, { id, qty: stock, version: 0 }, frozen, 0);
  return { items: goods, orders: emptyTable([buyer, integer('item')], []) };
}

/** Transactions whose commit is not on disk are aborted. */
function recover(node: Server): void {
  const { state } = node;
  for (const xid of state.logged) state.transactions[xid] = 'committed';
  forgetUndo(state, state.logged);
  const isComplete = state.logged.length === 0;
  state.logged = [];
  const running = Object.keys(state.transactions)
    .map(Number)
    .filter((xid) => state.transactions[xid] === 'running');
  for (const xid of running) state.transactions[xid] = 'aborted';
  undoTables(state, running);
  state.lastEnded = state.nextXid - 1;
  vacuum(state);
  if (isComplete) return;
  for (const [name, table] of Object.entries(state.tables)) {
    state.committed[name] = committedRows(state, table);
  }
}

// For panels

function sessionFacts({ sessions, locks }: DatabaseState): Record<NodeId, string> {
  const facts: Record<NodeId, string> = {};
  for (const session of Object.values(sessions)) {
    const fact = factOf(session, locks);
    if (fact !== undefined) facts[session.client] = fact;
  }
  return facts;
}

function factOf(
  { waits, transaction }: Session,
  locks: DatabaseState['locks'],
): string | undefined {
  if (waits?.type === 'lock') {
    const { on, table, row } = waits;
    const advisory = locks[waits.lock]?.of;
    const keys = advisory?.type === 'advisory' ? advisory.keys.join(', ') : '';
    if (on === 'advisory') return `waits for advisory lock ${keys}`;
    return `waits for ${table}${row === 0 ? '' : ` ${row}`}`;
  }
  if (waits?.type === 'flush') return 'waits for its commit to be on disk';
  if (transaction === null) return undefined;
  return transaction.failed ? 'failed' : transaction.level;
}

function tableFacts(committed: DatabaseState['committed']): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const [name, rows] of Object.entries(committed)) {
    facts[name] = rows.length > 4 ? `${rows.length} rows` : rows.map(textOf).join(', ');
  }
  return facts;
}

function textOf(row: Values): string {
  return `(${Object.values(row).join(', ')})`;
}
