/** A protocol with a setting and an operation of each kind, and scenarios on it. */
import { defineProtocol, operation, role } from '../../src/protocol/define.ts';
import { milliseconds } from '../../src/protocol/units.ts';
import type { NodeId } from '../../src/protocol/types.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

export interface Server {
  state: { got: unknown };
  receives: object;
  sends: object;
  timers: object;
  events: object;
  options: {
    title: string;
    rate: number;
    leader: NodeId | null;
    waits: readonly number[];
    sizes: readonly number[];
    rates: readonly number[];
    flags: readonly boolean[];
    words: readonly string[];
    colors: readonly string[];
    contacts: readonly NodeId[];
  };
}

const server = role<Server>({
  doc: 'Keeps what it gets.',
  options: {
    title: { kind: 'string', default: 'none', doc: 'A title.' },
    rate: { kind: 'number', default: 0.5, min: 0, max: 1, doc: 'A share of the requests.' },
    leader: { kind: 'node', default: null, role: 'server', doc: 'Who leads.' },
    waits: { kind: 'list', of: 'duration', default: [milliseconds(5)], min: 1, doc: 'The waits.' },
    sizes: { kind: 'list', of: 'integer', default: [], max: 9, doc: 'The sizes.' },
    rates: { kind: 'list', of: 'number', default: [], doc: 'The rates.' },
    flags: { kind: 'list', of: 'boolean', default: [], doc: 'The flags.' },
    words: { kind: 'list', of: 'string', default: ['a'], doc: 'The words.' },
    colors: { kind: 'list', of: 'string', default: [], choices: ['red', 'blue'], doc: 'Colors.' },
    contacts: { kind: 'list', of: 'node', default: [], role: 'server', doc: 'The contacts.' },
  },
  init: () => ({ got: null }),
  messages: {},
  timers: {},
  operations: {
    take: operation<Server>()({
      doc: 'Answers what it got.',
      parameters: {
        strings: 'string[]', values: 'value[]?', integers: 'integer[]?', durations: 'duration[]?',
        booleans: 'boolean[]?', nodes: 'node[]?',
      },
      run(node, args, id) {
        node.state.got = args;
        node.reply(id, [...args.strings]);
      },
    }),
  },
});

const client = role<{ [Part in keyof Server]: object }>({
  doc: 'Another role.', init: () => ({}), messages: {}, timers: {},
});

export const values = defineProtocol({
  name: 'values', doc: 'Values of each kind.', source: 'a test', events: {}, invariants: {},
  roles: { server, client },
  defaultRole: 'server',
});

export const parsed = (rest: string) =>
  parseScenario(`protocol: values\nnodes: { n1..n2: server, c: client }\n${rest}`, 'x', [values]);
