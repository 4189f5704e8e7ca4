/** A client: one operation at a time, each sent to one server, and given up after its timeout. */
import { operation, role } from '../../../protocol/define.ts';
import type { Json, OperationId } from '../../../protocol/types.ts';
import { asDuration } from '../../../protocol/units.ts';
import { type OperationName, reads } from '../data/messages.ts';
import { clientFault, clientOptions } from '../data/options.ts';
import { serverFor } from './routes.ts';
import { askedBy, needsOf, newSession, union } from '../data/sessions.ts';
import type { Client, ClientNode } from '../data/state.ts';
import { clientSummary } from './summary.ts';

/** Reasons for which an operation ends without effect. */
const busy = 'this client waits for an answer';
const refused = 'refused: ';
const hadNoEffect = (reason: string) => reason === busy || reason.startsWith(refused);

export const client = role<Client>({
  doc: 'Reads and writes registers, one operation at a time.',
  options: clientOptions,
  optionsFault: clientFault,
  init: ({ options }) =>
    ({ number: 0, pending: null, session: newSession(askedBy(options)), contexts: {} }),
  // The numbers go on after a crash, so that an old answer is not taken for a new one. The session
  // goes on, too: in a history, the restarted client is the same process.
  durable: ['number', 'session', 'contexts'],
  noDiskFaults: 'it writes only what it has read, before it sends',

  messages: {
    Reply(node, { number, result, applied, version, context }, from) {
      const { state } = node;
      const { pending, session } = state;
      if (pending?.number !== number) return;
      const { name, key } = pending;
      if (reads(name)) {
        session.read = union(session.read, applied);
        state.contexts[key] = context;
      } else session.written = union(session.written, applied);
      const took = node.now() - pending.sentAt;
      node.event('Answered', { name, key, result, version, server: from, took });
      node.reply(pending.operation, result);
      ended(node);
    },
    Refusal(node, { number, why }) {
      const { pending } = node.state;
      if (pending?.number !== number) return;
      node.fail(pending.operation, `${refused}${why}`);
      ended(node);
    },
  },

  timers: {
    timeout(node) {
      const { state: { pending }, options: { timeout } } = node;
      if (pending === null) return;
      node.event('TimedOut', { number: pending.number, waited: timeout });
      node.fail(pending.operation, `no answer from ${pending.server} in ${asDuration(timeout)}`);
      ended(node);
    },
  },

  operations: {
    read: operation<Client>()({
      doc: 'Answers the value of a register, null if it was never written.',
      parameters: { key: 'string' },
      noEffect: true,
      run: (node, { key }, id) => begin(node, id, 'read', key, null),
    }),
    write: operation<Client>()({
      doc: 'Writes a register; answers OK.',
      parameters: { key: 'string', value: 'value' },
      noEffect: hadNoEffect,
      run: (node, { key, value }, id) => begin(node, id, 'write', key, value),
    }),
    get: operation<Client>()({
      doc: 'Answers all values of a key, with siblings; its next `put` replaces these.',
      parameters: { key: 'string' },
      noEffect: true,
      run: (node, { key }, id) => begin(node, id, 'get', key, null),
    }),
    put: operation<Client>()({
      doc: 'Writes a value that replaces what this client got last of the key; answers OK.',
      parameters: { key: 'string', value: 'value' },
      noEffect: hadNoEffect,
      run: (node, { key, value }, id) => begin(node, id, 'put', key, value),
    }),
    increment: operation<Client>()({
      doc: 'Adds to a counter, 1 if no value is given; answers OK.',
      parameters: { key: 'string', value: 'integer?' },
      noEffect: hadNoEffect,
      run: (node, { key, value = 1 }, id) => begin(node, id, 'increment', key, value),
    }),
    decrement: operation<Client>()({
      doc: 'Subtracts from a counter, 1 if no value is given; answers OK.',
      parameters: { key: 'string', value: 'integer?' },
      noEffect: hadNoEffect,
      run: (node, { key, value = 1 }, id) => begin(node, id, 'decrement', key, value),
    }),
    add: operation<Client>()({
      doc: 'Adds a value to a set; answers OK.',
      parameters: { key: 'string', value: 'value' },
      noEffect: hadNoEffect,
      run: (node, { key, value }, id) => begin(node, id, 'add', key, value),
    }),
    remove: operation<Client>()({
      doc: 'Removes a value from a set; answers OK.',
      parameters: { key: 'string', value: 'value' },
      noEffect: hadNoEffect,
      run: (node, { key, value }, id) => begin(node, id, 'remove', key, value),
    }),
  },

  standings: {
    idle: { doc: 'No operation is under way.', to: { waiting: 'an operation begins' } },
    waiting: { doc: 'It waits for an answer.', to: { idle: 'it is answered, or gives up' } },
  },
  lookDocs: {
    'has read': 'What its session has read: a later read must not be older (monotonic reads).',
    'has written': 'What its session has written: it should read its own writes.',
  },
  look: ({ pending, session }) => ({
    standing: pending === null ? 'idle' : 'waiting',
    tone: pending === null ? 'none' : 'bid',
    facts: { 'has read': session.read, 'has written': session.written },
  }),
  summary: clientSummary,
});

function begin(
  node: ClientNode, id: OperationId, name: OperationName, key: string, value: Json,
): void {
  const { state, options } = node;
  const { session } = state;
  if (state.pending !== null) return node.fail(id, busy);
  const server = serverFor(node, name, key);
  const number = ++state.number;
  const { replication } = options;
  const hasVectors = replication === 'causal' || options.sessionBy === 'versions';
  const needs = hasVectors ? needsOf(session, reads(name)) : {};
  const context = reads(name) ? {} : (state.contexts[key] ?? {});
  // Also without an answer: the write may have taken effect.
  if (!reads(name) && !session.wrote.includes(key)) session.wrote.push(key);
  state.pending = { number, name, key, server, operation: id, sentAt: node.now() };
  node.send(server, { type: 'Request', number, name, key, value, needs, context, replication });
  node.setTimer('timeout', options.timeout);
}

function ended(node: ClientNode): void {
  node.state.pending = null;
  node.cancelTimer('timeout');
}
