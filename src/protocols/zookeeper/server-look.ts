/** How panels show a ZooKeeper server. */
import type { HolderLook } from '../../protocol/look.ts';
import type { Standings } from '../../protocol/standings.ts';
import type { Json, Look } from '../../protocol/types.ts';
import type { ServerState } from './server-state.ts';
import { childrenOf, sequenceOf } from './tree.ts';
import { zxidText } from './wire.ts';
import { epochOf, txnText } from './zab/packets.ts';

const shown = {
  LOOKING: ['looking', 'bid'], LEADING: ['leader', 'lead'], FOLLOWING: ['follower', 'follow'],
  OBSERVING: ['observer', 'follow'],
} as const;

const looksAgain = 'loses its leader: back to leader election';

/** QuorumPeer.ServerState; Junqueira, Reed, Serafini: Zab (DSN 2011), §III: the phases. */
export const serverStandings: Standings = {
  looking: {
    doc: 'It exchanges votes with the others until a quorum agrees: FastLeaderElection.',
    boots: true,
    to: {
      leader: 'a quorum votes for it', follower: 'a quorum votes for another',
      observer: 'learns which server leads',
    },
  },
  leader: {
    doc: 'It proposes transactions, and commits those that a quorum has acknowledged (Zab §III).',
    boots: true,
    to: { looking: 'loses its quorum: back to leader election' },
  },
  follower: {
    doc: 'It acknowledges the proposals of its leader and votes in elections (Zab §III).',
    to: { looking: looksAgain },
  },
  observer: {
    doc: 'It learns what is committed, and neither votes nor acknowledges.',
    to: { looking: looksAgain },
  },
};

export const serverDocs: Readonly<Record<string, string>> = {
  zxid: 'The last transaction that it has executed: its epoch, and its number in that epoch.',
  phase: 'What it does before it can serve: discovery of the epoch, then synchronisation.',
  vote: 'The server that it proposes as leader, which changes when it hears of a better one.',
  leader: 'The server that it follows.',
  sessions: 'How many sessions of clients it knows: ephemeral nodes are lost with their session.',
  votes: 'The servers that vote as it does: it needs a quorum.',
};

export function serverLook(state: Readonly<ServerState>): Look {
  const { peerState, zabState, currentEpoch, zxid, sessions, election, following, log } = state;
  const [standing, tone] = shown[peerState];
  const facts: Record<string, Json> = { zxid: zxidText(zxid) };
  if (zabState !== 'BROADCAST') facts.phase = zabState.toLowerCase();
  if (election !== null) facts.vote = election.proposed.leader || 'none';
  if (following !== null) facts.leader = following.leader;
  const executed = log.filter((one) => one.zxid <= zxid).length;
  // While it looks for a leader, it has executed what may not be committed.
  const committed = zabState === 'BROADCAST' ? executed : 0;
  const look: Look = {
    standing,
    tone,
    epoch: { name: 'epoch', value: currentEpoch },
    log: {
      first: 1, last: log.length, committed, applied: executed, ...acknowledged(state),
      entry(index) {
        const { zxid: of, txn } = log[index - 1];
        return { epoch: epochOf(of), value: txnText(txn) };
      },
    },
    ...(zabState === 'BROADCAST' && { authority: { version: zxid } }),
    holder: queues(state),
    facts: { ...facts, sessions: Object.keys(sessions).length },
  };
  if (election === null) return look;
  const { received, proposed, needed } = election;
  const granted = Object.values(received).filter(({ vote }) => vote.leader === proposed.leader);
  return { ...look, votes: { granted: granted.length, needed } };
}

/** What each follower in step has acknowledged, as its LearnerHandler knows (ACK). */
function acknowledged({ leading, log }: Readonly<ServerState>) {
  if (leading === null) return {};
  const inStep = Object.values(leading.learners).filter(({ waitsFor, isObserver }) =>
    waitsFor === 'nothing' && !isObserver);
  return {
    peers: Object.fromEntries(inStep.map(({ server, unacknowledged: next }) => {
      if (next === null) return [server, { match: log.length }];
      return [server, { match: log.findLastIndex(({ zxid }) => zxid < next.zxid) + 1 }];
    })),
  };
}

/** The queue of each lock: the clients in the order of the numbers of their znodes. */
function queues(state: Readonly<ServerState>): HolderLook[] {
  return Object.keys(state.containers).flatMap((container) => {
    const places = childrenOf(state, container)
      .filter((path) => state.znodes[path]?.session && !Number.isNaN(sequenceOf(path)))
      .sort((a, b) => sequenceOf(a) - sequenceOf(b))
      .map((path) => {
        const { session } = state.znodes[path];
        return { client: state.sessions[session]?.client ?? 'no session', path };
      });
    if (places.length === 0) return [];
    const [first, ...others] = places;
    const next = others.map(({ client }) => client);
    const of = container.slice(1);
    return [{ of, is: first.client, token: sequenceOf(first.path), next }];
  });
}
