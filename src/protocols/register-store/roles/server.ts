/** A server: it executes requests by its replication, as soon as it has what sessions need. */
import { role } from '../../../protocol/define.ts';
import type { Frozen } from '../../../protocol/types.ts';
import { executeOrHold } from './held.ts';
import { leaderMessages, leaderTimers } from '../leader.ts';
import { serverLook } from './look.ts';
import type { Request } from '../data/messages.ts';
import { serverFault, serverOptions } from '../data/options.ts';
import { promiseOf } from '../promise.ts';
import { quorumMessages, quorumTimers } from '../quorum.ts';
import { replicationOf } from '../replications.ts';
import { sloppyMessages, sloppyTimers } from '../sloppy.ts';
import type { Server, ServerNode } from '../data/state.ts';
import { serverSummary } from './summary.ts';

export const server = role<Server>({
  doc: 'Has a copy of the registers, or the only one.',
  options: serverOptions,
  optionsFault: serverFault,
  init: () => ({
    promises: 'nothing',
    registers: {}, applied: {}, held: [], lastChange: {},
    log: [], acknowledged: {}, unanswered: [], unshipped: null, repeats: false,
    issued: {}, coordinating: {}, hints: [],
  }),
  durable: ['registers', 'applied', 'lastChange', 'log', 'issued', 'hints'],
  noDiskFaults: 'registers are on disk at once: this store is about replicas, not disks',
  start(node) {
    node.state.promises = promiseOf(node);
    replicationOf(node.options).start?.(node);
  },

  messages: {
    Request(node, request, client) {
      const { number, name, key, value, needs, replication } = request;
      if (replication !== node.options.replication) {
        const why = `${client} has \`replication: ${replication}\`, and this server`;
        throw new Error(`${why} ${node.options.replication}: set it once, under \`options\``);
      }
      if (name !== 'read' && isRepetition(node, request, client)) return;
      const given = { client, number, name, key, value, needs };
      executeOrHold(node, replicationOf(node.options), given);
    },
    ...leaderMessages,
    ...quorumMessages,
    ...sloppyMessages,
  },
  timers: { ...leaderTimers, ...quorumTimers, ...sloppyTimers },
  background: ['repeat', 'handOff'],
  look: serverLook,
  summary: serverSummary,
});

/** The network may deliver a request twice, or after later ones: a change is executed once. */
function isRepetition(node: ServerNode, { number }: Frozen<Request>, client: string): boolean {
  const { lastChange } = node.state;
  if (number > (lastChange[client] ?? 0)) {
    lastChange[client] = number;
    return false;
  }
  node.event('RepetitionIgnored', { client, number });
  return true;
}
