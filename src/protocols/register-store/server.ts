/** A server: it executes requests by its replication, as soon as it has what sessions need. */
import { role } from '../../protocol/define.ts';
import { executeOrHold } from './held.ts';
import { serverFault, serverOptions } from './options.ts';
import { replicationOf } from './replications.ts';
import type { Server } from './state.ts';
import { serverSummary } from './summary.ts';

export const server = role<Server>({
  doc: 'Has a copy of the registers, or the only one.',
  options: serverOptions,
  optionsFault: serverFault,
  init: () => ({ registers: {}, applied: {}, held: [] }),
  durable: ['registers', 'applied'],
  noDiskFaults: 'registers are on disk at once: this store is about replicas, not disks',
  start: (node) => replicationOf(node.options).start?.(node),

  messages: {
    Request(node, { number, name, key, value, needs }, client) {
      const request = { client, number, name, key, value, needs };
      executeOrHold(node, replicationOf(node.options), request);
    },
    // The messages of each replication: `...leaderMessages`.
  },
  timers: {},
  summary: serverSummary,
});
