/** Stateright's single-copy register: one server keeps the value. */
import { defineProtocol, role } from 'lockstep';
import { client, clientEvents, linearizable } from './register.ts';

type Empty = Record<never, never>;

interface Server {
  state: { value: string };
  receives: { Put: { id: number; value: string }; Get: { id: number } };
  sends: { PutOk: { id: number }; GetOk: { id: number; value: string } };
  timers: Empty;
  events: Empty;
  options: Empty;
}

const server = role<Server>({
  doc: 'Keeps the value.',
  init: () => ({ value: '\0' }),
  messages: {
    Put(node, { id, value }, from) {
      node.state.value = value;
      node.send(from, { type: 'PutOk', id });
    },
    Get(node, { id }, from) {
      node.send(from, { type: 'GetOk', id, value: node.state.value });
    },
  },
  timers: {},
});

export default defineProtocol({
  name: 'single-copy',
  doc: 'A register on one server.',
  source: 'Stateright, examples/single-copy-register.rs',
  events: clientEvents,
  roles: { server, client },
  invariants: { linearizable },
});
