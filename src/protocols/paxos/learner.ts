/** The learner of Paxos: it finds out which value was chosen. */
// "Paxos Made Simple", §2.3: each acceptor sends its vote to all learners. If votes are lost, "a
// value could be chosen with no learner ever finding out"; then a learner "can have a proposer
// issue a proposal".
import { operation, role } from '../../protocol/define.ts';
import { pick } from '../../protocol/patterns.ts';
import type { Node } from '../../protocol/types.ts';
import type { Ballot } from './ballot.ts';
import { quorum } from './quorum.ts';
import { type Learner, learnerOptions, type Value } from './state.ts';
import { learnerStandings } from './standings.ts';
import { learnerSummary } from './summary.ts';

export const learner = role<Learner>({
  doc: 'Learns which value was chosen, by a majority of votes in one ballot.',
  joins: true,
  options: learnerOptions,
  init: () => ({ heard: [], chosen: null, inquiry: 0, waiting: [] }),
  durable: ['inquiry'],

  messages: {
    Phase2b(node, { ballot, value }, from) {
      const { heard, chosen } = node.state;
      if (chosen !== null) return;
      let votes = heard.find((one) => one.ballot === ballot);
      if (votes === undefined) heard.push((votes = { ballot, value, acceptors: [] }));
      if (!votes.acceptors.includes(from)) votes.acceptors.push(from);
      if (votes.acceptors.length >= quorum(node)) learn(node, votes.value, ballot);
    },
    Chosen(node, { value }) {
      if (node.state.chosen === null) learn(node, value, null);
    },
    Unchosen(node, { inquiry }) {
      // It says nothing about what was chosen since, and so nothing to operations that began later.
      if (node.state.chosen === null) answer(node, null, inquiry);
    },
  },

  timers: {
    retry: (node) => inquire(node),
  },

  operations: {
    learn: operation<Learner>()({
      doc: 'Answers the chosen value; null if none was chosen when a proposer asked the acceptors.',
      parameters: {},
      run(node, _none, id) {
        const { chosen, waiting, inquiry } = node.state;
        if (chosen !== null) return node.reply(id, chosen);
        waiting.push({ operation: id, inquiry: inquiry + 1 });
        inquire(node);
      },
    }),
  },

  standings: learnerStandings,
  lookDocs: {
    learned: 'The value for which, as it knows, a majority has voted in one ballot.',
    '…': 'The acceptors that voted in this ballot, as far as it has heard.',
  },
  look: ({ chosen, heard }) => ({
    standing: chosen === null ? 'waiting' : 'learned',
    tone: 'none',
    facts: {
      learned: chosen ?? 'nothing',
      ...Object.fromEntries(heard.map((one) => [one.ballot, one.acceptors.join(' ')])),
    },
  }),
  summary: learnerSummary,
});

function learn(node: Node<Learner>, value: Value, ballot: Ballot | null): void {
  node.state.chosen = value;
  node.event('Learned', { ballot, value });
  answer(node, value);
}

/** Answers the operations for which the given inquiry, or an earlier one, was made; or all. */
function answer(node: Node<Learner>, value: Value | null, inquiry = Infinity): void {
  const { state } = node;
  for (const one of state.waiting) if (one.inquiry <= inquiry) node.reply(one.operation, value);
  state.waiting = state.waiting.filter((one) => one.inquiry > inquiry);
  if (state.waiting.length === 0) node.cancelTimer('retry');
}

function inquire(node: Node<Learner>): void {
  const proposers = node.nodes('proposer');
  const inquiry = ++node.state.inquiry;
  if (proposers.length > 0) {
    node.send(pick(node, proposers), { type: 'Inquiry', learner: node.id, inquiry });
  }
  node.setTimer('retry', node.options.retryAfter);
}
