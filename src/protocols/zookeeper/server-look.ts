/** How panels show a ZooKeeper server. */
import type { HolderLook } from '../../protocol/look.ts';
import type { Json, Look } from '../../protocol/types.ts';
import type { ServerState } from './server-state.ts';
import { childrenOf, sequenceOf } from './tree.ts';
import { zxidText } from './wire.ts';
import { epochOf, txnText } from './zab/packets.ts';

const standings = {
  LOOKING: ['looking', 'bid'], LEADING: ['leader', 'lead'], FOLLOWING: ['follower', 'follow'],
  OBSERVING: ['observer', 'follow'],
} as const;

export function serverLook(state: Readonly<ServerState>): Look {
  const { peerState, zabState, currentEpoch, zxid, sessions, election, following, log } = state;
  const [standing, tone] = standings[peerState];
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
      first: 1, last: log.length, committed, applied: executed,
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
