/** A single copy: one server has the registers, and every operation goes to it. */
// The definition of linearizability (Herlihy and Wing 1990) with nothing left to do: each operation
// takes effect when the server executes it. It costs a round trip to that server, wherever the
// client is, and nothing is answered while the server is down.
import { answer, type Replication } from './replication.ts';

export const single: Replication = {
  read(node, request) {
    answer(node, request, node.state.registers[request.key]?.value ?? null);
  },
  write(node, request) {
    const { registers } = node.state;
    const counter = (registers[request.key]?.version.counter ?? 0) + 1;
    registers[request.key] = { value: request.value, version: { counter, node: node.id } };
    answer(node, request, 'OK');
  },
};
