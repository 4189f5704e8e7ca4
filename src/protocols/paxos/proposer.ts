/** The proposer of Paxos: it conducts ballots until a value is chosen. */
// "Paxos Made Simple", §2.2. "A proposer can make multiple proposals, so long as it follows the
// algorithm for each one. It can abandon a proposal in the middle of the protocol at any time."
import { operation, role } from '../../protocol/define.ts';
import { broadcast } from '../../protocol/patterns.ts';
import type { Node, NodeId } from '../../protocol/types.ts';
import { type Ballot, ballotOf, isBelow, numberOf } from './ballot.ts';
import { conductsBallots, hearAlive, leaderOf, sayAlive, startAlive, suspect } from './leader.ts';
import { quorum } from './quorum.ts';
import { type Inquiry, type Proposer, proposerOptions, type Report, type Value } from './state.ts';
import { proposerStandings } from './standings.ts';
import { proposerSummary } from './summary.ts';

export const proposer = role<Proposer>({
  doc: 'Proposes values: it conducts ballots, each with a higher number, until a value is chosen.',
  joins: true,
  options: proposerOptions,
  durable: ['number'],
  init: () => ({
    number: 0, phase: 'idle', ballot: null, promises: [], value: null, votes: [],
    proposals: [], forwarded: [], asked: [], asking: [], chosen: null, alive: null, leader: null,
    leads: false,
  }),
  start: startAlive,

  messages: {
    Phase1b(node, { ballot, maxVBal, maxVal }, from) {
      const { state } = node;
      if (state.phase !== '1' || ballot !== state.ballot) return;
      if (state.promises.some(({ acceptor }) => acceptor === from)) return;
      state.promises.push({ acceptor: from, maxVBal, maxVal });
      if (state.promises.length >= quorum(node)) beginPhase2(node, ballot);
    },

    Phase2b(node, { ballot }, from) {
      const { state } = node;
      if (state.phase !== '2' || ballot !== state.ballot || state.votes.includes(from)) return;
      state.votes.push(from);
      if (state.votes.length >= quorum(node)) learn(node, state.value!, ballot);
    },

    Refusal(node, { ballot, maxBal }) {
      const { state } = node;
      if (ballot !== state.ballot || (state.phase !== '1' && state.phase !== '2')) return;
      state.number = Math.max(state.number, numberOf(maxBal));
      node.event('Preempted', { ballot, by: maxBal });
      abandon(node);
      node.setTimer('retry', node.options.backoff);
    },

    Forward(node, { value }, from) {
      const { state } = node;
      if (state.chosen !== null) {
        return node.send(from, { type: 'Chosen', value: state.chosen });
      }
      // Its sender will find the leader when it tries again.
      if (!conductsBallots(node)) return;
      if (!state.forwarded.some(({ proposer: other }) => other === from)) {
        state.forwarded.push({ proposer: from, value });
      }
      work(node);
    },

    Inquiry(node, { learner, inquiry }) {
      const { state } = node;
      if (state.chosen !== null) {
        return node.send(learner, { type: 'Chosen', value: state.chosen });
      }
      if (!conductsBallots(node)) {
        return node.send(leaderOf(node), { type: 'Inquiry', learner, inquiry });
      }
      state.asking = state.asking.filter((one) => one.learner !== learner);
      state.asking.push({ learner, inquiry });
      work(node);
    },

    Chosen(node, { value }) {
      if (node.state.chosen === null) learn(node, value, null);
    },

    Alive(node, _message, from) {
      if (hearAlive(node, from)) work(node);
    },
  },

  timers: {
    retry(node) {
      const { state } = node;
      if (state.ballot !== null) {
        node.event('BallotTimedOut', { ballot: state.ballot });
        abandon(node);
      }
      work(node);
    },
    alive: sayAlive,
    suspect(node, other) {
      if (suspect(node, other)) work(node);
    },
  },
  background: ['alive', 'suspect'],

  operations: {
    propose: operation<Proposer>()({
      doc: 'Proposes a value; answers the value that was chosen, which may be another.',
      parameters: { value: 'value' },
      run(node, { value }, id) {
        const { chosen, proposals } = node.state;
        if (chosen !== null) return node.reply(id, chosen);
        proposals.push({ operation: id, value });
        work(node);
      },
    }),
  },

  standings: proposerStandings,
  lookDocs: {
    phase: 'Phase 1 asks the acceptors for promises, phase 2 for their votes.',
    proposes: 'The value for which it asks the acceptors to vote.',
    votes: 'The acceptors that have promised, or voted, in its ballot: it needs a majority.',
    value: 'The value that a majority of the acceptors has chosen.',
  },
  look: (state, node) => ({
    ...bidOf(state, quorum(node)),
    standing: standingOf(state),
    tone: state.leads ? 'lead' : state.ballot === null ? 'none' : 'bid',
    facts: {
      phase: state.phase,
      // Once it is chosen, it is shown as the value of the node.
      ...(state.value !== null && state.value !== state.chosen && { proposes: state.value }),
    },
  }),
  summary: proposerSummary,
});

/** The ballot that it conducts, and the promises or votes in it. */
function bidOf({ phase, ballot, promises, votes, chosen }: Proposer['state'], needed: number) {
  const granted = phase === '2' ? votes.length : promises.length;
  return {
    ...(ballot !== null && { epoch: { name: 'ballot', value: ballot } }),
    ...(ballot !== null && { votes: { granted, needed } }),
    ...(chosen !== null && { value: chosen }),
  };
}

function standingOf({ phase, leads }: Proposer['state']): string {
  if (leads) return 'leader';
  if (phase === 'done') return 'learned';
  return phase === 'idle' ? 'idle' : `phase ${phase}`;
}

/** Does what is due for those that wait: begins a ballot, or forwards to the leader. */
function work(node: Node<Proposer>): void {
  const { state } = node;
  if (state.chosen !== null || state.ballot !== null) return;
  const { proposals, forwarded, asked, asking } = state;
  if (proposals.length + forwarded.length + asked.length + asking.length === 0) return;
  if (conductsBallots(node)) return beginBallot(node);
  // It was the leader: those that wait for it find the next one when they try again.
  Object.assign(state, { forwarded: [], asked: [], asking: [] });
  if (proposals.length === 0) return;
  node.send(leaderOf(node), { type: 'Forward', value: proposals[0].value });
  node.setTimer('retry', node.options.retryAfter);
}

/** Phase 1 (a): a ballot higher than any that this proposer has used or heard of. */
function beginBallot(node: Node<Proposer>): void {
  const { state } = node;
  state.number++;
  const ballot = ballotOf(state.number, node.id);
  state.phase = '1';
  state.ballot = ballot;
  state.asked.push(...state.asking.splice(0));
  node.event('BallotStarted', { ballot });
  node.setTimer('retry', node.options.retryAfter);
  broadcast(node, { type: 'Phase1a', ballot }, node.nodes('acceptor'));
}

/**
 * Phase 2 (a): the value is that "of the highest-numbered proposal among the responses, or is any
 * value if the responses reported no proposals".
 */
function beginPhase2(node: Node<Proposer>, ballot: Ballot): void {
  const { state } = node;
  const { maxVBal, maxVal } = highestVote(state.promises);
  const value = maxVal ?? ownValue(state);
  if (value === null) return endInquiry(node, ballot);
  state.phase = '2';
  state.value = value;
  if (maxVBal !== null) node.event('ValueAdopted', { ballot, value, from: maxVBal });
  node.event('ValueProposed', { ballot, value });
  broadcast(node, { type: 'Phase2a', ballot, value }, node.nodes('acceptor'));
}

function highestVote(promises: readonly Report[]): Report {
  let highest: Report = { maxVBal: null, maxVal: null };
  for (const one of promises) {
    if (isBelow(highest.maxVBal, one.maxVBal)) highest = one;
  }
  return highest;
}

function ownValue({ proposals, forwarded }: Proposer['state']): Value | null {
  return proposals[0]?.value ?? forwarded[0]?.value ?? null;
}

/**
 * A majority has promised and none of it has voted, so nothing was chosen in a lower ballot.
 * Nothing was chosen in a higher one either when this ballot began: that majority would have
 * refused it.
 */
function endInquiry(node: Node<Proposer>, ballot: Ballot): void {
  const { asked } = node.state;
  node.event('NothingProposed', { ballot });
  for (const { learner, inquiry } of asked.splice(0)) {
    node.send(learner, { type: 'Unchosen', ballot, inquiry });
  }
  abandon(node);
  node.cancelTimer('retry');
  work(node);
}

function abandon(node: Node<Proposer>): void {
  Object.assign(node.state, { phase: 'idle', ballot: null, promises: [], value: null, votes: [] });
}

function learn(node: Node<Proposer>, value: Value, ballot: Ballot | null): void {
  const { state } = node;
  state.chosen = value;
  node.event('Learned', { ballot, value });
  abandon(node);
  state.phase = 'done';
  node.cancelTimer('retry');
  for (const { operation: id } of state.proposals.splice(0)) node.reply(id, value);
  const told: NodeId[] = [...state.forwarded.splice(0).map(({ proposer: other }) => other)];
  const waiting: Inquiry[] = [...state.asked.splice(0), ...state.asking.splice(0)];
  told.push(...waiting.map(({ learner }) => learner));
  for (const to of told) node.send(to, { type: 'Chosen', value });
}
