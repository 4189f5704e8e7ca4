/** How a replica of Multi-Paxos is shown, and summaries of its messages and events. */
import type { Look, Summary } from '../../protocol/types.ts';
import { commandWords } from '../shared/command-words.ts';
import type { Entry, Replica, ReplicaState } from './state.ts';

export function replicaLook(state: Readonly<ReplicaState>): Look {
  const { standing, maxBal, ballot, applied, chosen, kv } = state;
  const tone = { leader: 'lead', preparing: 'bid', follower: 'follow' } as const;
  return {
    standing,
    tone: tone[standing],
    facts: { maxBal, ballot, applied, chosen: chosen.length, kv },
  };
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
