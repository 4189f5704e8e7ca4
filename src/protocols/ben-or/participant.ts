/** A process that takes part in the consensus: two steps a round, and a coin. */
// Ben-Or, "Another Advantage of Free Choice" (1983), Protocol A, for processes that crash. It uses
// no clock and no timer: a process only waits for messages of n − t processes, because t may never
// answer. Fischer, Lynch and Paterson (1985) proved that without the coin such a protocol can be
// kept undecided for ever.
import { operation, role } from '../../protocol/define.ts';
import { broadcast } from '../../protocol/patterns.ts';
import type { Node, NodeId } from '../../protocol/types.ts';
import { type Bit, options, type Participant, type Received } from './state.ts';

type ParticipantNode = Node<Participant>;

export const participant = role<Participant>({
  doc: 'Proposes 0 or 1, and goes from round to round until it decides.',
  joins: 'the processes are fixed: more than half of all is counted',
  options,
  init: () => ({
    value: null, round: 0, step: 'report', reports: {}, proposals: {}, decided: null,
    operation: null,
  }),
  durable: ['value', 'round', 'step', 'reports', 'proposals', 'decided', 'operation'],
  noDiskFaults: 'its state survives a crash as a whole: the algorithm is not about disks',
  start(node) {
    const { peers, options: { tolerates } } = node;
    if (2 * tolerates >= peers.length + 1) {
      throw new Error(`\`tolerates\` must be below half of the ${peers.length + 1} processes`);
    }
    // After a crash: what it sent last may be lost, and the others may have decided.
    if (node.state.value !== null) repeat(node);
  },

  messages: {
    Report(node, { round, value }, from) {
      if (node.state.decided !== null) return tell(node, from);
      if (put(node.state.reports, round, from, value, node.state.round)) advance(node);
    },
    Proposal(node, { round, value }, from) {
      if (node.state.decided !== null) return tell(node, from);
      if (put(node.state.proposals, round, from, value, node.state.round)) advance(node);
    },
    Decision(node, { value }) {
      if (node.state.decided === null) decide(node, value, null);
    },
  },
  timers: {},

  operations: {
    propose: operation<Participant>()({
      doc: 'Proposes 0 or 1; answers the value that is decided.',
      parameters: { value: 'integer' },
      noEffect: true,
      fault: ({ value }) => (value === 0 || value === 1 ? undefined : 'the value must be 0 or 1'),
      run(node, { value }, id) {
        const { state } = node;
        if (state.decided !== null) return node.reply(id, state.decided);
        if (state.value !== null) return node.fail(id, 'this process has proposed already');
        state.operation = id;
        state.value = value as Bit;
        beginRound(node, 1);
        advance(node);
      },
    }),
  },

  // Ben-Or (PODC 1983), protocol A. A handler may end a round and go on in the next one.
  standings: {
    report: {
      doc: 'Step 1: it has reported its value, and waits for n - t reports.',
      to: {
        proposal: 'step 2: n - t reports are here', report: 'the next round begins',
        decided: 'more than t proposals of a value, or a decision',
      },
    },
    proposal: {
      doc: 'Step 2: it has proposed a value or ?, and waits for n - t proposals.',
      to: {
        report: 'step 3: too few proposals of a value', proposal: 'the next round, step 2',
        decided: 'more than t proposals of a value, or a decision',
      },
    },
    decided: { doc: 'It has decided, which is final.' },
  },
  lookDocs: { value: 'What it proposes in this round, by a coin if it saw no agreement.' },
  look: ({ value, round, decided, step }) => ({
    standing: decided === null ? step : 'decided',
    tone: decided === null ? 'none' : 'lead',
    epoch: { name: 'round', value: round },
    value: decided ?? value ?? 'none',
  }),
  summary: {
    messages: {
      Report: ({ round, value }) => `round ${round}: ${value}`,
      Proposal: ({ round, value }) => `round ${round}: ${value ?? '?'}`,
    },
    events: {
      Proposed: ({ round, value }) => `round ${round}: ${value ?? '?'}`,
    },
  },
});

/** Step 1: "Send the message (1, r, x) to all the processes." */
function beginRound(node: ParticipantNode, round: number): void {
  const { state } = node;
  const value = state.value as Bit;
  Object.assign(state, { round, step: 'report' });
  for (const past of Object.keys(state.reports).map(Number)) {
    if (past >= round) continue;
    delete state.reports[past];
    delete state.proposals[past];
  }
  node.event('RoundBegun', { round, value });
  state.reports[round] = [{ from: node.id, value }, ...(state.reports[round] ?? [])];
  broadcast(node, { type: 'Report', round, value });
}

/** Takes all steps for which enough messages are here. */
function advance(node: ParticipantNode): void {
  const { state, peers, options: { tolerates } } = node;
  const enough = peers.length + 1 - tolerates;
  while (state.value !== null && state.decided === null) {
    const { round } = state;
    if (state.step === 'report') {
      const reports = state.reports[round] ?? [];
      if (reports.length < enough) return;
      propose(node, reports.slice(0, enough));
    } else {
      const proposals = state.proposals[round] ?? [];
      if (proposals.length < enough) return;
      endRound(node, proposals.slice(0, enough));
    }
  }
}

/** Step 2: propose v if "more than n/2 messages have the same value v", otherwise "?". */
function propose(node: ParticipantNode, reports: Received<Bit>): void {
  const { state, peers } = node;
  const { round } = state;
  const half = (peers.length + 1) / 2;
  const value = ([0, 1] as const).find((bit) => count(reports, bit) > half) ?? null;
  state.step = 'proposal';
  node.event('Proposed', { round, value });
  const own = { from: node.id, value };
  state.proposals[round] = [own, ...(state.proposals[round] ?? [])];
  broadcast(node, { type: 'Proposal', round, value });
}

/** Step 3: (a) one proposal of v: take v. (b) More than t: decide v. (c) None: flip a coin. */
function endRound(node: ParticipantNode, proposals: Received<Bit | null>): void {
  const { state, options: { tolerates, undecided } } = node;
  const { round } = state;
  const proposed = proposals.find(({ value }) => value !== null)?.value ?? null;
  if (proposed !== null) {
    state.value = proposed;
    if (count(proposals, proposed) > tolerates) return decide(node, proposed, round);
  } else if (undecided === 'coin') {
    state.value = node.random(2) as Bit;
    node.event('CoinFlipped', { round, value: state.value });
  } else {
    state.value = state.reports[round][1].value;
    node.event('ValueAdopted', { round, value: state.value });
  }
  beginRound(node, round + 1);
}

/** The others are sent the value: this process begins no more rounds, for which they may wait. */
function decide(node: ParticipantNode, value: Bit, round: number | null): void {
  const { state } = node;
  Object.assign(state, { decided: value, value, reports: {}, proposals: {} });
  node.event('Decided', { round, value });
  broadcast(node, { type: 'Decision', value });
  if (state.operation !== null) node.reply(state.operation, value);
}

function tell(node: ParticipantNode, to: NodeId): void {
  const { decided } = node.state;
  if (decided !== null) node.send(to, { type: 'Decision', value: decided });
}

function repeat(node: ParticipantNode): void {
  const { state } = node;
  const { value, round, step, decided } = state;
  if (decided !== null) return broadcast(node, { type: 'Decision', value: decided });
  broadcast(node, { type: 'Report', round, value: value as Bit });
  if (step === 'report') return;
  const own = state.proposals[round].find(({ from }) => from === node.id);
  broadcast(node, { type: 'Proposal', round, value: own?.value ?? null });
}

/** Keeps a message of this round or a later one; returns false for an old one or a copy. */
function put<Value>(
  rounds: Record<number, Received<Value>>,
  round: number,
  from: NodeId,
  value: Value,
  current: number,
): boolean {
  if (round < current) return false;
  const received = (rounds[round] ??= []);
  if (received.some((one) => one.from === from)) return false;
  received.push({ from, value });
  return true;
}

function count<Value>(received: Received<Value>, value: Value): number {
  return received.filter((one) => one.value === value).length;
}
