/** A single copy: one server has the registers, and every operation goes to it. */
// The definition of linearizability (Herlihy and Wing 1990) with nothing left to do: each operation
// takes effect when the server executes it. It costs a round trip to that server, wherever the
// client is, and nothing is answered while the server is down.
import { answer, type Replication } from './replication.ts';
import { unwritten, versionOf } from './data/versions.ts';

export const single: Replication = {
  read(node, request) {
    const register = node.state.registers[request.key];
    answer(node, request, register?.value ?? null, { version: versionOf(register) });
  },

  write(node, request) {
    const { registers } = node.state;
    const { key, value } = request;
    const { counter } = registers[key]?.version ?? unwritten;
    const version = { counter: counter + 1, node: node.id };
    registers[key] = { value, version };
    node.event('WriteAnswered', { client: request.client, key, version, servers: 1 });
    answer(node, request, 'OK', { version });
  },
};
