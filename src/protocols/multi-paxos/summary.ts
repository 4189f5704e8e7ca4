/** How a replica of Multi-Paxos is shown, and summaries of its messages and events. */
import { majority } from '../../protocol/patterns.ts';
import type { Standings } from '../../protocol/standings.ts';
import type { Look, Summary } from '../../protocol/types.ts';
import { commandWords } from '../shared/command-words.ts';
import { chosenPrefix } from './log.ts';
import type { Entry, Replica, ReplicaState, SlotVote } from './state.ts';

/** Paxos Made Simple, §3: one replica is "the distinguished proposer", elected by timeouts. */
export const replicaStandings: Standings = {
  follower: {
    doc: 'It accepts what the leader proposes, and learns what was chosen (§3).',
    to: { preparing: 'no heartbeat of a leader: phase 1' },
  },
  preparing: {
    doc: 'It executes phase 1 for all slots at once, with a new ballot (§3).',
    to: {
      preparing: 'times out: phase 1 with a higher ballot',
      leader: 'promises from a majority: phase 2', follower: 'hears of a higher ballot',
    },
  },
  leader: {
    doc: 'It executes phase 2 for each command: it proposes and counts the votes (§3).',
    to: { follower: 'hears of a higher ballot' },
  },
};

export const replicaDocs: Readonly<Record<string, string>> = {
  maxBal: 'The highest ballot of which it has heard: it takes no part in lower ones.',
  ballot: 'Its own last ballot, which it leads or has tried to lead.',
  applied: 'How many slots it has applied to its key-value store, in their order.',
  kv: 'Its key-value store: what the commands that it has applied made of it.',
  votes: 'The promises for its ballot, its own included: it needs a majority.',
  committed: 'The value of a slot is chosen once a majority has voted for it in one ballot.',
};

export function replicaLook(
  state: Readonly<ReplicaState>,
  { peers }: { readonly peers: readonly string[] },
): Look {
  const { standing, maxBal, ballot, applied, chosen, votes, promises, kv } = state;
  const needed = majority(peers.length + 1);
  const tone = { leader: 'lead', preparing: 'bid', follower: 'follow' } as const;
  return {
    standing,
    tone: tone[standing],
    ...(maxBal !== null && { epoch: { name: 'ballot', value: maxBal } }),
    ...(standing === 'preparing' && { votes: { granted: promises.length, needed } }),
    facts: { maxBal, ballot, applied, kv },
    log: {
      first: 1,
      last: Math.max(votes.length, chosen.length),
      committed: chosenPrefix(state),
      applied,
      // A slot has the same value in all ballots once it is chosen.
      epochsMayDiffer: true,
      entry: (slot) => entryLook(votes[slot - 1] ?? null, chosen[slot - 1] ?? null),
    },
  };
}

/** What a replica has in a slot: its vote, or what it has learned without having voted. */
function entryLook(vote: SlotVote | null, chosen: Entry | null) {
  if (vote === null && chosen === null) return { value: 'empty', gap: true };
  const { command: value } = chosen ?? vote!.entry;
  return vote === null ? { value } : { epoch: vote.ballot, value };
}

function slotText(one: { slot: number; ballot?: string; command: Entry['command'] }): string {
  const where = one.ballot === undefined ? '' : `, ballot ${one.ballot}`;
  return `slot ${one.slot}${where}: ${commandWords(one.command)}`;
}

export const replicaSummary: Summary<Replica> = {
  messages: {
    Phase1a: ({ ballot, firstSlot }) => `prepare, ballot ${ballot}, from slot ${firstSlot}`,
    Phase1b: ({ ballot, votes }) => {
      const slots = votes.map(({ slot }) => slot).join(' ');
      return `promise, ballot ${ballot}, ${slots === '' ? 'no votes' : `votes in slots ${slots}`}`;
    },
    Phase2a: ({ ballot, slot, entry }) =>
      `accept, ${slotText({ slot, ballot, command: entry.command })}`,
    Phase2b: ({ ballot, slot }) => `accepted, slot ${slot}, ballot ${ballot}`,
    Refusal: ({ ballot, maxBal }) => `ballot ${ballot} is below ${maxBal}`,
    Heartbeat: ({ ballot, chosenUpTo }) => `ballot ${ballot}, chosen up to ${chosenUpTo}`,
    CatchUp: ({ firstSlot }) => `from slot ${firstSlot}`,
    Decided: ({ firstSlot, entries }) =>
      `slots ${firstSlot} to ${firstSlot + entries.length - 1}`,
    ClientResponse: ({ serial, status, response, leaderHint }) =>
      status === 'OK'
        ? `serial ${serial}: ${commandWords(response)}`
        : `serial ${serial}, ${status}, leader ${leaderHint ?? 'unknown'}`,
  },
  events: {
    ValueAdopted: ({ from, ...one }) => `${slotText(one)}, voted for in ${from}`,
    Proposed: slotText,
    Accepted: slotText,
    Learned: slotText,
    Applied: slotText,
  },
};
