/** Mistakes that the compiler must reject: the line above each `✗` has the error that it names. */
import { between, defineProtocol, invariant, operation, role } from 'lockstep';

interface Ping {
  state: { count: number };
  receives: { Ping: { round: number }; Stop: object };
  sends: { Pong: { round: number } };
  timers: { again: void; late: { round: number } };
  events: { Pinged: { round: number } };
  options: { every: number };
}

const shared = {
  doc: 'The parts of a role that are correct in every case below.',
  options: { every: { kind: 'duration', default: 1, doc: 'How often.' } },
  init: () => ({ count: 0 }),
} as const;
const messages = { Ping: () => {}, Stop: () => {} };
const timers = { again: () => {}, late: () => {} };

role<Ping>({
  ...shared,
  timers,
  messages: { Ping: () => {} },
  // ✗ Property 'Stop' is missing
});

role<Ping>({
  ...shared,
  timers,
  messages: {
    ...messages,
    Pimg: () => {},
    // ✗ 'Pimg' does not exist
  },
});

role<Ping>({
  ...shared,
  messages,
  timers: { again: () => {} },
  // ✗ Property 'late' is missing
});

role<Ping>({
  ...shared,
  messages,
  timers: {
    ...timers,
    agian: () => {},
    // ✗ 'agian' does not exist
  },
});

role<Ping>({
  ...shared,
  messages,
  timers,
  durable: ['cuont'],
  // ✗ Type '"cuont"' is not assignable
  operations: {
    // An operation without `run`, one with a misspelt argument, and one with an unknown kind.
    ping: operation<Ping>()({ doc: 'Asks.', parameters: {} }),
    // ✗ Property 'run' is missing
    pong: operation<Ping>()({
      doc: 'Asks.',
      parameters: { count: 'integer' },
      run(node, { cuont }, id) {
        // ✗ Property 'cuont' does not exist
        node.reply(id, cuont);
      },
    }),
    kind: operation<Ping>()({ doc: 'Asks.', parameters: { count: 'number' }, run: () => {} }),
    // ✗ Type '"number"' is not assignable
  },
});

role<Ping>({
  ...shared,
  timers,
  messages: {
    Stop: () => {},
    Ping(node, message, from) {
      node.send(from, { type: 'Pomg', round: 1 });
      // ✗ Type '"Pomg"' is not assignable
      node.send(from, { type: 'Pong' });
      // ✗ Property 'round' is missing
      node.event('Pimged', { round: 1 });
      // ✗ Argument of type '"Pimged"' is not assignable
      node.event('Pinged', {});
      // ✗ Property 'round' is missing
      node.setTimer('later', 1);
      // ✗ Argument of type '"later"' is not assignable
      node.setTimer('again', between(1, '2'));
      // ✗ Argument of type 'string' is not assignable
      message.round = 2;
      // ✗ Cannot assign to 'round' because it is a read-only property
      node.state.cuont = 1;
      // ✗ Property 'cuont' does not exist
      console.log(node.options.every);
      // ✗ Cannot find name 'console'
    },
  },
});

defineProtocol({
  // ✗ Property 'source' is missing
  name: 'ping',
  doc: 'A protocol without a source.',
  events: {},
  roles: {},
  invariants: { holds: invariant({ doc: 'Returns a boolean.', check: () => true }) },
  // ✗ Type 'boolean' is not assignable
});

defineProtocol({
  name: 'pong',
  doc: 'A protocol with a part of an earlier version.',
  source: 'test',
  events: {},
  roles: {},
  facts: {},
  // ✗ 'facts' does not exist
  invariants: {},
});

role<Ping>({
  ...shared,
  messages,
  timers,
  summary: {
    messages: {
      Pong: ({ round }) => `round ${round}`,
      Pnog: () => '',
      // ✗ 'Pnog' does not exist
    },
    events: {
      Pinged: ({ ruond }) => `round ${ruond}`,
      // ✗ Property 'ruond' does not exist
    },
  },
});

role<Ping>({
  ...shared,
  messages,
  timers,
  summary: {
    messages: { Pong: ({ round }) => round },
    // ✗ Type 'number' is not assignable
  },
});
