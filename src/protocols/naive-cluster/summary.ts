/** How a node of the naive cluster is shown, and summaries of its messages and events. */
import { majority } from '../../protocol/patterns.ts';
import type { Standings } from '../../protocol/standings.ts';
import type { Identity, Look, Summary } from '../../protocol/types.ts';
import { commandWords } from '../shared/command-words.ts';
import type { Member, MemberState, Version } from './state.ts';
import { members } from './version.ts';

/** The first visible node leads; with `election: majority`, the one that most nodes elect. */
export const memberStandings: Standings = {
  follower: {
    doc: 'It has the data of the leader that it sees.',
    boots: true,
    to: { candidate: 'hears no leader in time', leader: 'is the first node that it sees' },
  },
  candidate: {
    doc: 'It asks all nodes for their votes in a new term.',
    to: {
      candidate: 'times out, new election', leader: 'receives votes from a majority of all nodes',
      follower: 'sees a leader or a later term',
    },
  },
  leader: {
    doc: 'It executes the writes of the clients and sends its data to the others.',
    to: { follower: 'sees an earlier node or a later term, or loses its majority' },
  },
  witness: { doc: 'It votes, and has no data: it never leads.', boots: true },
};

export const memberDocs: Readonly<Record<string, string>> = {
  sees: 'The nodes that it has heard of lately; it takes all others for dead.',
  leader: 'Which node leads, as it believes.',
  version: 'The version of the data that it has: the leader counts its writes.',
};

/** Of those that may lead. */
export const dataDocs: Readonly<Record<string, string>> = {
  ...memberDocs,
  kv: 'Its data; that of the leader replaces it.',
  votes: 'The votes that it has for its term, of those that it needs.',
};

export function memberLook(state: Readonly<MemberState>, node: Identity<Member>): Look {
  const { standing, term, visible, version, data, leaderId, votes } = state;
  const needed = majority(members(node).length);
  const tone = { leader: 'lead', candidate: 'bid', follower: 'follow' } as const;
  const sees = [...visible].sort().join(' ');
  const facts = { sees, leader: leaderId, version: versionText(version) };
  return {
    standing: data === null ? 'witness' : standing,
    tone: tone[standing],
    ...(term > 0 && { epoch: { name: 'term', value: term } }),
    ...(standing === 'candidate' && { votes: { granted: votes.length, needed } }),
    facts: data === null ? facts : { ...facts, kv: { ...data.kv } },
  };
}

function versionText({ term, number }: Version): string {
  return term === 0 ? `${number}` : `${number} of term ${term}`;
}

export const memberSummary: Summary<Member> = {
  messages: {
    Hello: ({ term }) => (term === 0 ? '' : `term ${term}`),
    Store: ({ version, data }) => {
      const kv = Object.entries(data.kv).map(([key, value]) => `${key}=${value}`).join(' ');
      return `version ${versionText(version)}: ${kv === '' ? 'nothing' : kv}`;
    },
    Stored: ({ version }) => `version ${versionText(version)}`,
    RequestVote: ({ term, version }) => `term ${term}, version ${versionText(version)}`,
    Vote: ({ term, granted }) => `term ${term}, ${granted ? 'granted' : 'denied'}`,
    ClientResponse: ({ serial, status, response, leaderHint }) =>
      status === 'OK'
        ? `serial ${serial}: ${commandWords(response)}`
        : `serial ${serial}, ${status}, leader ${leaderHint ?? 'unknown'}`,
  },
  events: {
    LeaderElected: ({ term, of, by }) =>
      `${by} of ${of} nodes${term === 0 ? ' visible' : `, term ${term}`}`,
  },
};
