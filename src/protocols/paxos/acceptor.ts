/** The acceptor of Paxos: it promises, and it votes. */
// "Paxos Made Simple", §2.2. An acceptor may ignore any request without harm to safety; it obeys
// two rules. P1a: "an acceptor can accept a proposal numbered n iff it has not responded to a
// prepare request having a number greater than n". And it reports its highest vote in each promise.
import { role } from '../../protocol/define.ts';
import type { Node, NodeId } from '../../protocol/types.ts';
import { isBelow, type Ballot } from './ballot.ts';
import { type Acceptor, acceptorOptions } from './state.ts';
import { acceptorSummary } from './summary.ts';

export const acceptor = role<Acceptor>({
  doc: 'Promises to ignore lower ballots, and votes: a value is chosen by a majority of acceptors.',
  joins: 'the acceptors are fixed: a majority of more acceptors may miss one of the fewer',
  options: acceptorOptions,
  init: () => ({ maxBal: null, maxVBal: null, maxVal: null }),
  durable: ['maxBal', 'maxVBal', 'maxVal'],

  messages: {
    // "If an acceptor receives a prepare request with number n greater than that of any prepare
    // request to which it has already responded, then it responds …"
    Phase1a(node, { ballot }, from) {
      const { state } = node;
      if (isBelow(ballot, state.maxBal)) return refuse(node, ballot, '1a', from);
      if (ballot === state.maxBal) return;
      state.maxBal = ballot;
      const { maxVBal, maxVal } = state;
      node.event('Promised', { ballot, maxVBal });
      node.send(from, { type: 'Phase1b', ballot, maxVBal, maxVal });
    },

    // "If an acceptor receives an accept request for a proposal numbered n, it accepts the proposal
    // unless it has already responded to a prepare request having a number greater than n."
    Phase2a(node, { ballot, value }, from) {
      const { state } = node;
      if (isBelow(ballot, state.maxBal)) return refuse(node, ballot, '2a', from);
      const isNew = state.maxVBal !== ballot;
      state.maxBal = ballot;
      state.maxVBal = ballot;
      state.maxVal = value;
      if (isNew) node.event('Accepted', { ballot, value });
      if (!node.options.replies) return;
      for (const to of [from, ...node.nodes('learner')]) {
        node.send(to, { type: 'Phase2b', ballot, value });
      }
    },
  },

  timers: {},

  epochDoc: 'maxBal: the highest ballot of which it has heard; it takes no part in lower ones.',
  lookDocs: {
    maxVBal: 'The highest ballot in which it has voted; none if it has not.',
    maxVal: 'The value for which it voted in that ballot.',
  },
  look: ({ maxBal, maxVBal, maxVal }) => ({
    ...(maxBal !== null && { epoch: { name: 'ballot', value: maxBal } }),
    facts: { maxVBal: maxVBal ?? 'none', maxVal: maxVal ?? 'none' },
  }),
  summary: acceptorSummary,
});

function refuse(node: Node<Acceptor>, ballot: Ballot, phase: string, to: NodeId): void {
  const maxBal = node.state.maxBal ?? ballot;
  node.event('Refused', { ballot, phase, maxBal });
  node.send(to, { type: 'Refusal', ballot, maxBal });
}
