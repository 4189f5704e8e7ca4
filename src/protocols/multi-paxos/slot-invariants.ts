/** The invariants of each slot of Multi-Paxos: those of Consensus and Voting. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId } from '../../protocol/types.ts';
import {
  allVotes, hasVoted, isChosen, isChosenAt, isShownSafe, lastVoteBelow, otherValue, unsafeVote,
  type Vote, votersFor, votesToCheck,
} from '../paxos/voting.ts';
import {
  entryKey, isReplica, type Moment, noSlots, noteSlots, replicasOf, type Roles, type Slots,
  votingOf,
} from './slots.ts';

const ofSlots = invariant<Roles>();

interface Chosen extends Slots {
  /** Slot → the first vote that was seen to be chosen there. */
  chosen: Record<number, Vote>;
}

const agreement = ofSlots({
  doc: 'At most one command is ever chosen in a slot (Consensus: Inv).',
  remember: (): Chosen => ({ ...noSlots(), chosen: {} }),
  check(moment) {
    const { memory } = moment;
    const replicas = replicasOf(moment);
    for (const { slot, vote: added, isStable } of noteSlots(memory, moment)) {
      const voting = votingOf(memory, slot);
      if (!isStable) delete memory.chosen[slot];
      for (const vote of isStable ? [added] : allVotes(voting)) {
        if (vote === null || !isChosenAt(voting, replicas, vote)) continue;
        const first = (memory.chosen[slot] ??= Object.freeze({ ...vote }));
        if (first.value === vote.value) continue;
        return `In slot ${slot}, a majority chose ${text(first)}, and another ${text(vote)}.`;
      }
    }
    return undefined;
  },
});

const votesSafe = ofSlots({
  doc: 'If a replica votes in a slot, no other command can be chosen lower there (VotesSafe).',
  remember: noSlots,
  check(moment) {
    const { memory } = moment;
    const replicas = replicasOf(moment);
    for (const change of noteSlots(memory, moment)) {
      const voting = votingOf(memory, change.slot);
      const unsafe = unsafeVote(voting, replicas, change);
      if (unsafe === undefined) continue;
      const { vote, lower } = unsafe;
      const voted = `${votersFor(voting, replicas, vote).join(' and ')} voted for ${text(vote)}`;
      const where = `in slot ${change.slot}`;
      return `${voted} ${where}, but another command can be chosen in ballot ${lower}.`;
    }
    return undefined;
  },
});

function text({ value, ballot }: Vote): string {
  return `${String(value)} in ballot ${ballot}`;
}

const oneValuePerBallot = ofSlots({
  doc: 'All votes in one slot and ballot are for one command (OneValuePerBallot).',
  remember: noSlots,
  check(moment) {
    const { memory } = moment;
    for (const { slot, vote } of noteSlots(memory, moment)) {
      const other = vote === null ? undefined : otherValue(votingOf(memory, slot), vote);
      if (vote === null || other === undefined) continue;
      const [one, two] = [String(other), String(vote.value)];
      return `Slot ${slot} has votes for ${one} and for ${two} in ballot ${vote.ballot}.`;
    }
    return undefined;
  },
});

/** Checked when a proposal is made or arrives, and when it is voted for. */
const showsSafeAt = ofSlots({
  doc: 'A proposal is backed by a quorum that promised, with its last vote there (ShowsSafeAt).',
  remember: noSlots,
  check(moment) {
    const { memory } = moment;
    const replicas = replicasOf(moment);
    const changed = noteSlots(memory, moment);
    const proposals = [...proposalsIn(moment)];
    for (const change of changed) {
      const { slot } = change;
      for (const vote of votesToCheck(votingOf(memory, slot), change)) {
        proposals.push({ slot, ...vote });
      }
    }
    const bad = proposals.find((one) => !isShownSafe(votingOf(memory, one.slot), replicas, one));
    if (bad === undefined) return undefined;
    const what = `${text(bad)} was proposed in slot ${bad.slot}`;
    return `${what}, but no majority has promised that ballot with no other last vote.`;
  },
});

type InSlot = Vote & { readonly slot: number };

function proposalsIn({ acted, message, events }: Moment<unknown>): InSlot[] {
  const body = message?.body;
  if (body?.type === 'Phase2a') {
    return [{ slot: body.slot, ballot: body.ballot, value: entryKey(body.entry) }];
  }
  if (!isReplica(acted)) return [];
  const { ballot, proposed } = acted.state;
  const made: InSlot[] = [];
  for (const event of events) {
    if (event.name !== 'Proposed' || ballot === null) continue;
    const entry = proposed[event.fields.slot]?.entry;
    if (entry !== undefined) made.push({ slot: event.fields.slot, ballot, value: entryKey(entry) });
  }
  return made;
}

interface Made {
  /** Slot and ballot → the command that was proposed there. */
  proposals: Record<string, string>;
}

const oneProposalPerBallot = ofSlots({
  doc: 'In a ballot, a slot has one proposal, even if the leader crashes (Paxos: Inv of 2a).',
  remember: (): Made => ({ proposals: {} }),
  check(moment) {
    const { proposals } = moment.memory;
    for (const { slot, ballot, value } of proposalsIn(moment)) {
      const first = (proposals[`${slot} ${ballot}`] ??= String(value));
      if (first === value) continue;
      return `In ballot ${ballot}, slot ${slot} has the proposals ${first} and ${String(value)}.`;
    }
    return undefined;
  },
});

/** Votes that the message of phase 2b claims, and those that a promise reports, must be stored. */
const messagesAreTrue = ofSlots({
  doc: 'What a replica says of its votes is what it has stored (Paxos: Inv of 1b and 2b).',
  remember: noSlots,
  check(moment) {
    const { memory, message } = moment;
    noteSlots(memory, moment);
    const body = message?.body;
    if (message === undefined) return undefined;
    if (body?.type === 'Phase2b') {
      const { slot, ballot } = body;
      const votes = memory.slots[slot - 1]?.[message.from] ?? [];
      if (votes.some((one) => one.ballot === ballot)) return undefined;
      return `${message.from} sent a vote in slot ${slot}, ballot ${ballot}, and has none stored.`;
    }
    if (body?.type !== 'Phase1b') return undefined;
    for (const { slot, ballot, entry } of body.votes) {
      const vote = { ballot, value: entryKey(entry) };
      if (hasVoted(votingOf(memory, slot), message.from, vote)) continue;
      return `${message.from} reported ${text(vote)} in slot ${slot}, for which it did not vote.`;
    }
    return missingReport(memory, message.from, body, moment);
  },
});

/** A promise reports all votes from the first slot on that its ballot asks for. */
function missingReport(
  memory: ReturnType<typeof noSlots>,
  from: NodeId,
  { ballot, votes: reported }: { ballot: string; votes: readonly { slot: number }[] },
  { acted }: Moment<unknown>,
): string | undefined {
  if (!isReplica(acted) || acted.state.ballot !== ballot) return undefined;
  const first = acted.state.applied + 1;
  for (let slot = first; slot <= memory.slots.length; slot++) {
    const isVoted = lastVoteBelow(votingOf(memory, slot), from, ballot) !== null;
    if (!isVoted || reported.some((one) => one.slot === slot)) continue;
    if ((acted.state.chosen[slot - 1] ?? null) !== null) continue;
    return `${from} promised ballot ${ballot} without its vote in slot ${slot}.`;
  }
  return undefined;
}

const learnedIsChosen = ofSlots({
  doc: 'A replica learns only the command that a majority has chosen in the slot (§2.3).',
  remember: () => ({ ...noSlots(), known: {} as Record<NodeId, number> }),
  check(moment) {
    const { memory, acted } = moment;
    noteSlots(memory, moment);
    if (!isReplica(acted)) return undefined;
    const { id, state: { chosen } } = acted;
    const replicas = replicasOf(moment);
    // Learned slots are checked in order, and again from the start after a crash.
    if (!acted.up) memory.known[id] = 0;
    for (let slot = (memory.known[id] ?? 0) + 1; slot <= chosen.length; slot++) {
      const entry = chosen[slot - 1];
      if (entry === null) continue;
      if ((memory.known[id] ?? 0) === slot - 1) memory.known[id] = slot;
      const value = entryKey(entry);
      const voting = votingOf(memory, slot);
      if (isChosen(voting, replicas, value)) continue;
      return `${id} learned ${value} in slot ${slot}, for which no majority voted.`;
    }
    return undefined;
  },
});

export const slotInvariants: Record<string, Invariant> = {
  Agreement: agreement,
  VotesSafe: votesSafe,
  OneValuePerBallot: oneValuePerBallot,
  ShowsSafeAt: showsSafeAt,
  'One Proposal Per Ballot': oneProposalPerBallot,
  'Messages Are True': messagesAreTrue,
  'Learned Is Chosen': learnedIsChosen,
};
