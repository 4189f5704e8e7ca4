/** Registers on several servers, under replications from a single copy to gossip. */
import { defineProtocol } from '../../protocol/define.ts';
import { causalInvariants } from './causal/causal-invariants.ts';
import { gossipInvariants, writeLost } from './gossip/gossip-invariants.ts';
import { copyInvariants } from './invariants/copy-invariants.ts';
import { readInvariants } from './invariants/read-invariants.ts';
import { sessionInvariants } from './invariants/session-invariants.ts';
import { client } from './roles/client.ts';
import { events } from './data/events.ts';
import { server } from './roles/server.ts';
import { registers } from './specification.ts';

export const registerStore = defineProtocol({
  name: 'register-store',
  aliases: ['register', 'replication', 'quorum', 'dynamo', 'abd', 'eventual', 'consistency'],
  doc: 'Registers that clients read and write, under the replication that a scenario selects.',
  source: 'Gifford: Weighted Voting for Replicated Data, 1979; Attiya, Bar-Noy, Dolev: Sharing ' +
    'Memory Robustly in Message-Passing Systems, 1995; DeCandia et al.: Dynamo, 2007; Terry et ' +
    'al.: Session Guarantees for Weakly Consistent Replicated Data, 1994',
  events,
  roles: { server, client },
  specification: registers,
  derivedEvents: { WriteLost: writeLost },
  invariants: {
    ...readInvariants, ...copyInvariants, ...sessionInvariants, ...causalInvariants,
    ...gossipInvariants,
  },
  refuses: ({ type }) => type === 'Refusal',
  units: { took: 'microseconds', waited: 'microseconds', sentAt: 'microseconds' },
});
