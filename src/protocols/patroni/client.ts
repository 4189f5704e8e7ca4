/** A client of the database: it knows an address, and finds the primary when it is elsewhere. */
// As a libpq connection string with several hosts and `target_session_attrs=read-write` does.
import type { Ending } from '../../protocol/connection.ts';
import { operation, role } from '../../protocol/define.ts';
import type { Json, Node, NodeId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import { takeOne } from '../shared/take-one.ts';
import type { Client, Pending } from './client-types.ts';
import { clientSummary } from './summary.ts';

type ClientNode = Node<Client>;

export const client = role<Client>({
  doc: 'A client: it writes and reads at the address that it knows, and learns the new primary.',
  options: {
    address: {
      kind: 'node',
      default: null,
      role: 'member',
      doc: 'The member that it takes for the primary at first; the first member if none is named.',
    },
    timeout: {
      kind: 'duration',
      default: seconds(30),
      min: milliseconds(1),
      doc: 'How long a statement may take. After that, the outcome of a write is unknown.',
    },
    retryAfter: {
      kind: 'duration',
      default: milliseconds(500),
      min: milliseconds(1),
      doc: 'How long it waits before it tries the next address, when one is not the primary.',
    },
  },
  durable: ['statement'],
  init: () => ({ address: null, statement: 0, pending: [] }),

  messages: {
    Done(node, { statement, value }, from) {
      const done = take(node, statement);
      if (done === undefined) return;
      if (done.value !== undefined && node.state.address !== from) moveTo(node, from);
      node.reply(done.operation, value as Json);
    },
    ReadOnly(node, { statement }) {
      const refused = node.state.pending.find((one) => one.statement === statement);
      if (refused !== undefined) tryNext(node, refused);
    },
  },

  connection: {
    socket: () => ({ userTimeout: seconds(60) }),
    ended(node, _peer, connection, how) {
      for (const one of node.state.pending.filter((each) => each.connection === connection)) {
        lost(node, one, how);
      }
    },
  },

  timers: {
    again(node, statement) {
      const one = node.state.pending.find((each) => each.statement === statement);
      if (one !== undefined) send(node, one);
    },
    timeout(node, statement) {
      const late = take(node, statement);
      if (late === undefined) return;
      node.disconnect(late.connection);
      if (late.value === undefined || late.connection === '') {
        return node.fail(late.operation, 'no member answered in time');
      }
      unknown(node, late, 'timed out');
    },
  },

  operations: {
    write: operation<Client>()({
      doc: 'Sets a key at the primary; answers OK, or UNKNOWN if that may have happened.',
      parameters: { key: 'string', value: 'value' },
      isUnknown: (answer) => answer === 'UNKNOWN',
      run: (node, { key, value }, id) => begin(node, { operation: id, key, value, at: null }),
    }),
    read: operation<Client>()({
      doc: 'Answers the value of a key at its address, or at a given member; null for none.',
      parameters: { key: 'string', at: 'node?' },
      noEffect: true,
      fault: ({ at }, roleOf) =>
        (at === undefined || roleOf(at) === 'member' ? undefined : `${at} is not a member`),
      run: (node, { key, at = null }, id) => begin(node, { operation: id, key, at }),
    }),
  },

  lookDocs: { pending: 'How many statements of it have no answer yet.' },
  look: ({ address, pending }) => ({
    tone: 'none',
    holder: { of: 'primary', is: address ?? 'unknown' },
    facts: { pending: pending.length },
  }),
  summary: clientSummary,
});

function begin(node: ClientNode, given: Omit<Pending, 'statement' | 'to' | 'connection'>): void {
  const statement = ++node.state.statement;
  const one: Pending = { statement, ...given, to: null, connection: '' };
  node.state.pending.push(one);
  node.setTimer('timeout', node.options.timeout, statement, String(statement));
  send(node, one);
}

function send(node: ClientNode, one: Pending): void {
  const to = one.at ?? addressOf(node);
  if (to === undefined) return;
  const { statement, key, value } = one;
  one.to = to;
  one.connection = node.connections(to).at(-1) ?? node.connect(to);
  if (value === undefined) node.send(one.connection, { type: 'Read', statement, key });
  else node.send(one.connection, { type: 'Write', statement, key, value });
}

function addressOf({ state, options, nodes }: ClientNode): NodeId | undefined {
  const first = options.address ?? nodes('member')[0];
  state.address ??= first ?? null;
  return first === undefined ? undefined : state.address!;
}

function take(node: ClientNode, statement: number): Pending | undefined {
  const one = takeOne(node.state.pending, (each) => each.statement === statement);
  if (one === undefined) return undefined;
  node.cancelTimer('timeout', String(statement));
  node.cancelTimer('again', String(statement));
  return one;
}

function moveTo(node: ClientNode, to: NodeId): void {
  const { address } = node.state;
  if (address === to) return;
  node.state.address = to;
  node.event('AddressChanged', { from: address ?? to, to });
}

/** The next member in the order of the scenario, unless another statement moved on before. */
function moveOn(node: ClientNode, from: NodeId | null): void {
  const members = node.nodes('member');
  if (from !== node.state.address) return;
  moveTo(node, members[(members.indexOf(from ?? members[0]) + 1) % members.length]);
}

/** The address is not the primary, or does not accept connections: it goes on with the next. */
function tryNext(node: ClientNode, one: Pending): void {
  one.connection = '';
  if (one.at === null) moveOn(node, one.to);
  node.setTimer('again', node.options.retryAfter, one.statement, String(one.statement));
}

/** A write on a connection that ended may have been executed, so it is not sent again. */
function lost(node: ClientNode, one: Pending, how: Ending): void {
  if (one.value === undefined || how === 'refused') return tryNext(node, one);
  take(node, one.statement);
  unknown(node, one, how);
}

function unknown(node: ClientNode, one: Pending, how: string): void {
  node.event('OutcomeUnknown', { key: one.key, how });
  moveOn(node, one.to);
  node.reply(one.operation, 'UNKNOWN');
}
