/** How panels show a ZooKeeper server. */
import type { Json, Look } from '../../protocol/types.ts';
import type { ServerState } from './server-state.ts';
import { childrenOf, sequenceOf } from './tree.ts';
import { zxidText } from './wire.ts';

const standings = {
  LOOKING: ['looking', 'bid'], LEADING: ['leader', 'lead'], FOLLOWING: ['follower', 'follow'],
  OBSERVING: ['observer', 'follow'],
} as const;

export function serverLook(state: ServerState): Look {
  const { peerState, zabState, currentEpoch, zxid, sessions, election, following } = state;
  const [standing, tone] = standings[peerState];
  const facts: Record<string, Json> = { zxid: zxidText(zxid) };
  if (zabState !== 'BROADCAST') facts.phase = zabState.toLowerCase();
  if (election !== null) facts.vote = election.proposed.leader || 'none';
  if (following !== null) facts.leader = following.leader;
  return {
    standing,
    tone,
    epoch: { name: 'epoch', value: currentEpoch },
    facts: { ...facts, sessions: Object.keys(sessions).length, ...queues(state) },
  };
}

/** The queue of each lock: the clients in the order of the numbers of their znodes. */
function queues(state: Readonly<ServerState>): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const lock of Object.keys(state.containers)) {
    const places = childrenOf(state, lock)
      .filter((path) => state.znodes[path]?.session && !Number.isNaN(sequenceOf(path)))
      .sort((a, b) => sequenceOf(a) - sequenceOf(b))
      .map((path) => {
        const { session } = state.znodes[path];
        return `${state.sessions[session]?.client ?? 'no session'} (${sequenceOf(path)})`;
      });
    if (places.length > 0) shown[lock] = `held by ${places.join(', then ')}`;
  }
  return shown;
}
