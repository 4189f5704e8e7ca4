/** Mistakes that the compiler must reject: the line above each `✗` has the error that it names. */
import { between, broadcast, defineProtocol, invariant, operation, reply, request, role } from 'lockstep';

interface Ping {
  state: { count: number };
  receives: { Ping: { round: number }; Stop: object };
  sends: { Pong: { round: number } };
  timers: { again: void; late: { round: number }; session: string };
  events: { Pinged: { round: number } };
  options: { every: number };
}

const shared = {
  doc: 'The parts of a role that are correct in every case below.',
  options: { every: { kind: 'duration', default: 1, doc: 'How often.' } },
  init: () => ({ count: 0 }),
} as const;
const messages = { Ping: () => {}, Stop: () => {} };
const timers = { again: () => {}, late: () => {}, session: () => {} };

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
  timers: { again: () => {}, session: () => {} },
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
    list: operation<Ping>()({
      doc: 'Asks.',
      parameters: { counts: 'integer[]' },
      run(node, { counts }, id) {
        node.reply(id, counts.push(1));
        // ✗ Property 'push' does not exist
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
      node.setTimer('late', 1);
      // ✗ Expected 3-4 arguments, but got 2
      node.setTimer('late', 1, 'n1');
      // ✗ Argument of type 'string' is not assignable to parameter of type '{ round: number; }'
      node.setTimer('late', 1, {});
      // ✗ Property 'round' is missing
      node.setTimer('session', 1);
      // ✗ Expected 3-4 arguments, but got 2
      node.setTimer('again', 1, { round: 1 });
      // ✗ is not assignable to parameter of type 'string'
      node.setTimer('again', 1, undefined, 'n1');
      // ✗ Expected 2-3 arguments, but got 4
      broadcast(node, { type: 'Pomg', round: 1 });
      // ✗ Type '"Pomg"' is not assignable
      broadcast(node, { type: 'Pong' });
      // ✗ Property 'round' is missing
      reply(node, from, message, { type: 'Pong', round: 1 });
      // ✗ Property 'request' is missing
      request(node, from, { type: 'Pong', round: 1 }, { timeout: 1, attempts: 1 });
      // ✗ Property 'requests' is missing
      message.round = 2;
      // ✗ Cannot assign to 'round' because it is a read-only property
      node.state.cuont = 1;
      // ✗ Property 'cuont' does not exist
      console.log(node.options.every);
      // ✗ Cannot find name 'console'
    },
  },
});

const ping = role<Ping>({ ...shared, messages, timers });
interface Pong {
  state: { rounds: number[] };
  receives: Ping['sends'];
  sends: Ping['receives'];
  timers: object;
  events: { Ponged: { late: boolean } };
  options: object;
}
const pong = role<Pong>({ doc: '', init: () => ({ rounds: [] }), messages: { Pong: () => {} }, timers: {} });

defineProtocol({
  name: 'misspelt',
  doc: 'Invariants and derived events that read what no node of the role has.',
  source: 'test',
  events: { Pinged: 'Pinged.', Ponged: 'Ponged.', Late: 'Late.' },
  roles: { ping, pong },
  derivedEvents: {
    Late: {
      remember: () => ({ last: 0 }),
      look({ nodes, memory }) {
        const [node] = nodes.filter((one) => one.role === 'pong');
        memory.lsat = node.state.round.length;
        // ✗ Property 'lsat' does not exist
        return [{ late: node.state.ruonds.length }];
        // ✗ Property 'ruonds' does not exist
      },
    },
  },
  invariants: {
    'a field that no role has': {
      doc: '',
      when: ({ acted }) => acted?.state.cuont === 1,
      // ✗ Property 'cuont' does not exist
      check: ({ nodes }) => nodes.find(({ state }) => state.cuont > 1)?.id,
      // ✗ Property 'cuont' does not exist
    },
    'a field of the other role': {
      doc: '',
      check: ({ nodes }) => nodes.find(({ role, state }) => role === 'ping' && state.rounds)?.id,
      // ✗ Property 'rounds' does not exist
    },
    'a role that does not exist': {
      doc: '',
      check: ({ nodes }) => nodes.find(({ role }) => role === 'pnig')?.id,
      // ✗ no overlap
    },
    'an event, a message and an answer': {
      doc: '',
      check({ events, message, answers }) {
        for (const { name, fields } of events) if (name === 'Pinged') return `${fields.late}`;
        // ✗ Property 'late' does not exist
        if (message?.body.type === 'Ping') return `${message.body.ruond}`;
        // ✗ Property 'ruond' does not exist
        return answers[0]?.reslut;
        // ✗ Property 'reslut' does not exist
      },
    },
    'one without roles': invariant({
      doc: '',
      check: ({ nodes }) => (nodes[0].state.cuont ? '' : undefined),
      // ✗ Property 'cuont' does not exist
    }),
    'one declared outside': invariant<{ ping: Ping }>()({
      doc: '',
      check: ({ nodes }) => (nodes[0].state.cuont ? '' : undefined),
      // ✗ Property 'cuont' does not exist
    }),
  },
});

role<Ping>({
  ...shared,
  messages,
  timers,
  options: {
    every: { kind: 'string', default: 'a', doc: 'The value is declared as a number.' },
    // ✗ is not assignable to type
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
