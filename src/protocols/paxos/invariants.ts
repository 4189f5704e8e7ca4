/** The invariants of Paxos: those of Consensus and Voting, and what its messages promise. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, OperationId } from '../../protocol/types.ts';
import { type Ballot, type Begun, isBelow, noteHighest, whyNotNew } from './ballot.ts';
import {
  acceptorsOf, isAcceptor, type Moment, noteVoting, noVoting,
} from './refinement.ts';
import type { Report, Roles, Value } from './state.ts';
import {
  allVotes, hasVoted, isChosen, isChosenAt, isShownSafe, lastVoteBelow, otherValue, type Proposal,
  unsafeVote, type Vote, votersFor, votesToCheck, type Voting,
} from './voting.ts';

const ofPaxos = invariant<Roles>();

const agreement = ofPaxos({
  doc: 'At most one value is ever chosen (Consensus: Inv).',
  remember: () => ({ ...noVoting(), chosen: null as Proposal | null }),
  check(moment) {
    const { memory } = moment;
    const change = noteVoting(memory, moment);
    if (change === undefined) return undefined;
    const acceptors = acceptorsOf(moment);
    if (!change.isStable) memory.chosen = null;
    const votes = change.isStable ? [change.vote] : allVotes(memory);
    for (const vote of votes) {
      if (vote === null || !isChosenAt(memory, acceptors, vote)) continue;
      memory.chosen ??= Object.freeze({ ...vote });
      if (vote.value === memory.chosen.value) continue;
      const [one, other] = [memory.chosen, vote].map((each) => chosenText(memory, acceptors, each));
      return `${one}, and ${other}.`;
    }
    return undefined;
  },
});

function chosenText(voting: Voting, acceptors: readonly NodeId[], vote: Vote): string {
  const voters = votersFor(voting, acceptors, vote).join(' and ');
  return `${voters} chose ${String(vote.value)} in ballot ${vote.ballot}`;
}

const votesSafe = ofPaxos({
  doc: 'If an acceptor votes, no other value is or can be chosen in a lower ballot (VotesSafe).',
  remember: noVoting,
  check(moment) {
    const { memory } = moment;
    const change = noteVoting(memory, moment);
    if (change === undefined) return undefined;
    const acceptors = acceptorsOf(moment);
    const unsafe = unsafeVote(memory, acceptors, change);
    if (unsafe === undefined) return undefined;
    const { vote, lower } = unsafe;
    const voters = votersFor(memory, acceptors, vote).join(' and ');
    const for_ = `${voters} voted for ${String(vote.value)} in ballot ${vote.ballot}`;
    return `${for_}, but another value can still be chosen in ballot ${lower}.`;
  },
});

const oneValuePerBallot = ofPaxos({
  doc: 'All votes in one ballot are for one value (OneValuePerBallot).',
  remember: noVoting,
  check(moment) {
    const { memory } = moment;
    const vote = noteVoting(memory, moment)?.vote ?? null;
    const other = vote === null ? undefined : otherValue(memory, vote);
    if (vote === null || other === undefined) return undefined;
    return `Ballot ${vote.ballot} has votes for ${String(other)} and for ${String(vote.value)}.`;
  },
});

interface Proposals {
  /** The values that were proposed in each ballot: one, unless something is broken. */
  proposals: Record<Ballot, readonly Value[]>;
}

type Shown = Voting & Proposals;

/** Phase 2 of a proposer is checked when it begins, and its request again when it arrives. */
const showsSafeAt = ofPaxos({
  doc: 'A proposal is backed by a quorum: all promised, the last vote is its own (ShowsSafeAt).',
  remember: (): Shown => ({ ...noVoting(), proposals: {} }),
  check(moment) {
    const { memory } = moment;
    const change = noteVoting(memory, moment);
    const added = proposalIn(moment);
    const toCheck = change === undefined ? [] : votesToCheck(memory, change);
    if (added !== undefined && remember(memory.proposals, added)) toCheck.push(added);
    if (change?.isStable === false) toCheck.push(...allProposals(memory));
    const acceptors = acceptorsOf(moment);
    const bad = toCheck.find((one) => !isShownSafe(memory, acceptors, one));
    if (bad === undefined) return undefined;
    const what = `${String(bad.value)} was proposed in ballot ${bad.ballot}`;
    return `${what}, but no majority has promised that ballot with ${voteNeeded(bad)}.`;
  },
});

function voteNeeded({ value }: Proposal): string {
  return `no vote below it, or with ${String(value)} as its last vote`;
}

/** The proposal that a proposer makes in phase 2, or the one that arrives at an acceptor. */
function proposalIn({ acted, message }: Moment<unknown>): Proposal | undefined {
  if (acted?.role === 'proposer') {
    const { phase, ballot, value } = acted.state;
    return phase === '2' && ballot !== null && value !== null ? { ballot, value } : undefined;
  }
  const body = message?.body;
  return body?.type === 'Phase2a' ? { ballot: body.ballot, value: body.value } : undefined;
}

/** Returns whether the proposal is new. */
function remember(
  proposals: Proposals['proposals'],
  { ballot, value }: Proposal,
): boolean {
  const known = proposals[ballot] ?? [];
  if (known.includes(value)) return false;
  proposals[ballot] = Object.freeze([...known, value]);
  return true;
}

function allProposals({ proposals }: Proposals): Proposal[] {
  return Object.entries(proposals).flatMap(([ballot, values]) =>
    values.map((value) => ({ ballot, value })),
  );
}

const oneProposalPerBallot = ofPaxos({
  doc: 'A ballot has one proposal, even if its proposer crashes (§2.5, and Paxos: Inv of 2a).',
  remember: (): Proposals => ({ proposals: {} }),
  check(moment) {
    const { proposals } = moment.memory;
    const added = proposalIn(moment);
    if (added === undefined || !remember(proposals, added)) return undefined;
    const values = proposals[added.ballot];
    if (values.length < 2) return undefined;
    const [one, other] = values.map(String);
    return `Ballot ${added.ballot} has the proposals ${one} and ${other}.`;
  },
});

/** The ballots that a proposer began: it names itself in each, so no other can begin them. */
const ballotsAreNew = ofPaxos({
  doc: 'A proposer never uses a ballot again, not even after a crash (§2.5).',
  remember: (): Begun => ({ began: {}, arrived: {} }),
  check: (moment) => whyNotNew(moment, moment.memory),
});

interface Promises {
  /** The ballot and the votes of each acceptor when it was last seen. */
  seen: Record<NodeId, Report & { readonly maxBal: Ballot | null }>;
  /** The highest ballots for which a promise or a vote of the acceptor has arrived. */
  promised: Record<NodeId, Ballot>;
  voted: Record<NodeId, Ballot>;
}

/** What a crash takes from a disk that had not stored it was not sent either. */
const promisesKept = ofPaxos({
  doc: 'An acceptor never votes below its promise, and forgets neither, not even by a crash (P1a).',
  remember: (): Promises => ({ seen: {}, promised: {}, voted: {} }),
  check({ acted, nodes, message, memory: { seen, promised, voted } }) {
    const body = message?.body;
    const sent = body?.type === 'Phase1b' ? promised : body?.type === 'Phase2b' ? voted : undefined;
    if (message !== undefined && sent !== undefined && 'ballot' in message.body) {
      const { from, body: { ballot } } = message;
      noteHighest(sent, from, ballot);
      return whyForgotten(nodes.find(({ id }) => id === from), promised, voted);
    }
    if (!isAcceptor(acted)) return undefined;
    const { id, up, state: { maxBal, maxVBal, maxVal } } = acted;
    const before = seen[id] ?? { maxBal: null, maxVBal: null, maxVal: null };
    seen[id] = Object.freeze({ maxBal, maxVBal, maxVal });
    const forgotten = whyForgotten(acted, promised, voted);
    if (forgotten !== undefined || !up) return forgotten;
    if (isBelow(maxBal, before.maxBal)) {
      return `${id} promised ballot ${before.maxBal}, and went back to ${maxBal}.`;
    }
    if (maxVBal === before.maxVBal && maxVal === before.maxVal) return undefined;
    if (maxVBal !== null && !isBelow(maxVBal, before.maxBal) && maxVBal !== before.maxVBal) {
      return undefined;
    }
    const vote = `${String(maxVal)} in ballot ${maxVBal}`;
    return `${id} voted for ${vote}, after it had promised ballot ${before.maxBal}.`;
  },
});

function whyForgotten(
  node: Moment['nodes'][number] | undefined,
  promised: Promises['promised'],
  voted: Promises['voted'],
): string | undefined {
  if (!isAcceptor(node)) return undefined;
  const { id, state: { maxBal, maxVBal } } = node;
  const [promise, vote] = [promised[id] ?? null, voted[id] ?? null];
  const now = maxBal ?? 'none';
  if (isBelow(maxBal, promise)) return `${id} promised ballot ${promise}, and has ${now}.`;
  if (isBelow(maxBal, maxVBal)) return `${id} voted in ballot ${maxVBal}, above ${now}.`;
  if (isBelow(maxVBal, vote)) return `${id} voted in ballot ${vote}, and has ${maxVBal ?? 'none'}.`;
  return undefined;
}

/** The invariant of the specification for each message of phase 1b, checked when it arrives. */
const promisesReportVotes = ofPaxos({
  doc: "A promise reports the acceptor's highest vote below its ballot (Paxos: Inv of 1b).",
  remember: noVoting,
  check(moment) {
    const { memory, message } = moment;
    noteVoting(memory, moment);
    if (message?.body.type !== 'Phase1b') return undefined;
    const { from, body: { ballot, maxVBal, maxVal } } = message;
    const highest = lastVoteBelow(memory, from, ballot);
    const isVote = maxVBal !== null && maxVal !== null &&
      hasVoted(memory, from, { ballot: maxVBal, value: maxVal });
    if (maxVBal === highest && (maxVBal === null || isVote)) return undefined;
    const reported = maxVBal === null ? 'no vote' : `${String(maxVal)} in ${maxVBal}`;
    const real = highest === null ? 'it has not voted' : `its last vote is in ${highest}`;
    return `${from} promised ballot ${ballot} and reported ${reported}, but ${real}.`;
  },
});

const votesAreStored = ofPaxos({
  doc: 'An acceptor that sends a vote has stored it: the refinement is exact (Paxos: Inv of 2b).',
  remember: noVoting,
  check(moment) {
    const { memory, message } = moment;
    noteVoting(memory, moment);
    if (message?.body.type !== 'Phase2b') return undefined;
    const { from, body: { ballot, value } } = message;
    if (hasVoted(memory, from, { ballot, value })) return undefined;
    return `${from} sent a vote for ${String(value)} in ballot ${ballot}, and has not stored it.`;
  },
});

const learnedIsChosen = ofPaxos({
  doc: 'A proposer or a learner learns only the value that a majority has chosen (§2.3).',
  remember: () => ({ ...noVoting(), known: null as Value | null }),
  check(moment) {
    const { memory, acted } = moment;
    if (noteVoting(memory, moment)?.isStable === false) memory.known = null;
    if (acted === undefined || isAcceptor(acted)) return undefined;
    const { id, state: { chosen } } = acted;
    if (chosen === null || chosen === memory.known) return undefined;
    const acceptors = acceptorsOf(moment);
    if (isChosen(memory, acceptors, chosen)) {
      memory.known = chosen;
      return undefined;
    }
    const votes = allVotes(memory).filter(({ value }) => value === chosen);
    const most = votes.map((one) => votersFor(memory, acceptors, one));
    const voters = most.sort((a, b) => b.length - a.length)[0] ?? [];
    const only = voters.length === 0 ? 'no acceptor' : `only ${voters.join(' and ')}`;
    return `${id} learned ${String(chosen)}, for which ${only} voted in one ballot.`;
  },
});

const learnedStays = ofPaxos({
  doc: 'What a node has learned never changes, and all learn the same.',
  remember: (): { value: Value | null; by: NodeId } => ({ value: null, by: '' }),
  check({ acted, memory }) {
    if (acted === undefined || isAcceptor(acted)) return undefined;
    const { id, state: { chosen } } = acted;
    if (chosen === null || chosen === memory.value) return undefined;
    if (memory.value === null) {
      memory.value = chosen;
      memory.by = id;
      return undefined;
    }
    return `${id} learned ${String(chosen)}, but ${memory.by} learned ${String(memory.value)}.`;
  },
});

interface Answered extends Voting {
  /** The operations that were invoked when a value was chosen already. */
  late: OperationId[];
}

/** An answer is what a client relies on: the other invariants see only what nodes have learned. */
const answersAreChosen = ofPaxos({
  doc: 'A client is answered the chosen value, or that none was chosen when it asked (§2.3).',
  remember: (): Answered => ({ ...noVoting(), late: [] }),
  check(moment) {
    const { memory, invoked, answers } = moment;
    // What a crash took from a disk that had not stored it was not chosen after all.
    if (noteVoting(memory, moment)?.isStable === false) memory.late = [];
    const acceptors = acceptorsOf(moment);
    const isAnyChosen = (): boolean =>
      allVotes(memory).some((vote) => isChosenAt(memory, acceptors, vote));
    if (invoked?.name === 'learn' && isAnyChosen()) memory.late.push(invoked.operation);
    for (const { operation, node, name, ok, result } of answers) {
      const isLate = memory.late.includes(operation);
      memory.late = memory.late.filter((one) => one !== operation);
      if (!ok || (result !== null && isChosen(memory, acceptors, result as Value))) continue;
      const what = `${node} answered ${name} with ${String(result)}, which is not chosen.`;
      if (result !== null) return what;
      if (isLate) return `${node} answered that no value is chosen, but one was when it was asked.`;
    }
    return undefined;
  },
});

const validity = ofPaxos({
  doc: 'Only a value that was proposed is voted for or learned (§2.1).',
  remember: (): { proposed: Value[] } => ({ proposed: [] }),
  check({ acted, invoked, memory: { proposed } }) {
    if (invoked?.name === 'propose') {
      const value = invoked.args.value as Value;
      if (!proposed.includes(value)) proposed.push(value);
    }
    if (acted === undefined) return undefined;
    const value = isAcceptor(acted) ? acted.state.maxVal : acted.state.chosen;
    if (value === null || proposed.includes(value)) return undefined;
    return `${acted.id} has ${String(value)}, which no client proposed.`;
  },
});

export const invariants: Record<string, Invariant> = {
  Agreement: agreement,
  VotesSafe: votesSafe,
  OneValuePerBallot: oneValuePerBallot,
  ShowsSafeAt: showsSafeAt,
  'One Proposal Per Ballot': oneProposalPerBallot,
  'Ballots Are New': ballotsAreNew,
  'Promises Kept': promisesKept,
  'Promises Report Votes': promisesReportVotes,
  'Votes Are Stored': votesAreStored,
  'Learned Is Chosen': learnedIsChosen,
  'Learned Stays': learnedStays,
  'Answers Are Chosen': answersAreChosen,
  Validity: validity,
};
