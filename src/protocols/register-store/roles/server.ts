/** A server: it executes requests by its replication, as soon as it has what sessions need. */
import { role } from '../../../protocol/define.ts';
import type { Frozen } from '../../../protocol/types.ts';
import { causalMessages, causalTimers } from '../causal/causal.ts';
import { firstCausalState } from '../causal/causal-state.ts';
import { gossipMessages, gossipTimers } from '../gossip/gossip.ts';
import { executeOrHold } from './held.ts';
import { leaderMessages, leaderTimers } from '../leader.ts';
import { serverDocs, serverLook, serverStandings } from './look.ts';
import { reads, type Request } from '../data/messages.ts';
import { serverFault, serverOptions } from '../data/options.ts';
import { promiseOf } from '../promise.ts';
import { quorumMessages, quorumTimers } from '../quorum.ts';
import { refuse, whyNot } from '../replication.ts';
import { replicationOf } from '../replications.ts';
import { sloppyMessages, sloppyTimers } from '../sloppy.ts';
import type { Server, ServerNode } from '../data/state.ts';
import { serverSummary } from './summary.ts';

export const server = role<Server>({
  doc: 'Stores a copy of the registers, or the only one.',
  options: serverOptions,
  optionsFault: serverFault,
  init: ({ options }) => ({
    promises: 'nothing',
    registers: {}, applied: {}, held: [], lastChange: {},
    log: [], acknowledged: {}, unanswered: [], unshipped: null, repeats: false,
    issued: {}, coordinating: {}, hints: [],
    causal: firstCausalState(options), cells: {},
  }),
  durable: ['registers', 'applied', 'lastChange', 'log', 'issued', 'hints', 'causal', 'cells'],
  noDiskFaults: 'registers are on disk at once: this store is about replicas, not disks',
  start(node) {
    node.state.promises = promiseOf(node);
    replicationOf(node.options).start?.(node);
  },

  messages: {
    Request(node, request, client) {
      const { number, name, key, value, needs, context, replication } = request;
      if (replication !== node.options.replication) {
        const [other, own] = [replication, node.options.replication];
        const why = `${client} has \`replication: ${other}\`, and this server \`${own}\``;
        throw new Error(`${why}: set it once, under \`options\``);
      }
      const given = { client, number, name, key, value, needs, context };
      const own = replicationOf(node.options);
      const why = whyNot(own, node.options, name);
      if (why !== undefined) return refuse(node, given, why);
      if (!reads(name) && isRepetition(node, request, client)) return;
      executeOrHold(node, own, given);
    },
    ...leaderMessages,
    ...quorumMessages,
    ...sloppyMessages,
    ...causalMessages,
    ...gossipMessages,
  },
  timers: { ...leaderTimers, ...quorumTimers, ...sloppyTimers, ...causalTimers, ...gossipTimers },
  background: ['repeat', 'handOff', 'synchronize', 'gossip'],
  look: serverLook,
  lookDocs: serverDocs,
  standings: serverStandings,
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
