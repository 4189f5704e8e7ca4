/** Summaries of the messages and events of Paxos. */
import type { Summary } from '../../protocol/types.ts';
import type { Ballot } from './ballot.ts';
import type { Acceptor, Learner, Proposer, Report, Value } from './state.ts';

function voteText({ maxVBal, maxVal }: Report): string {
  return maxVBal === null ? 'no vote yet' : `voted for ${String(maxVal)} in ${maxVBal}`;
}

function valueText({ ballot, value }: { ballot: Ballot; value: Value }): string {
  return `ballot ${ballot}, value ${String(value)}`;
}

export const proposerSummary: Summary<Proposer> = {
  messages: {
    Phase1a: ({ ballot }) => `prepare, ballot ${ballot}`,
    Phase2a: (message) => `accept, ${valueText(message)}`,
    Forward: ({ value }) => `value ${String(value)}`,
    Inquiry: ({ learner }) => `for ${learner}`,
    Chosen: ({ value }) => `value ${String(value)}`,
    Unchosen: ({ ballot }) => `none was chosen before ballot ${ballot}`,
    Alive: () => '',
  },
  events: {
    ValueProposed: valueText,
    ValueAdopted: ({ from, ...proposal }) => `${valueText(proposal)}, voted for in ${from}`,
    Learned: ({ ballot, value }) =>
      ballot === null ? `value ${String(value)}` : valueText({ ballot, value }),
  },
};

export const acceptorSummary: Summary<Acceptor> = {
  messages: {
    Phase1b: ({ ballot, ...report }) => `promise, ballot ${ballot}, ${voteText(report)}`,
    Phase2b: (message) => `accepted, ${valueText(message)}`,
    Refusal: ({ ballot, maxBal }) => `ballot ${ballot} is below ${maxBal}`,
  },
  events: { Accepted: valueText },
};

export const learnerSummary: Summary<Learner> = {
  messages: { Inquiry: ({ learner }) => `for ${learner}` },
};
