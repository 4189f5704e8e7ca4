/** How panels show a server: its copies with their versions, and what it has not passed on. */
import type { Standings } from '../../../protocol/standings.ts';
import type { Identity, Json, Look } from '../../../protocol/types.ts';
import type { Server } from '../data/state.ts';
import { causalFacts } from '../causal/causal-look.ts';
import { gossipLook } from '../gossip/gossip-look.ts';
import { lastApplied, leaderOf } from '../leader.ts';
import { versionText } from '../data/versions.ts';

/** With `replication: leader`, one server leads; otherwise all are alike. */
export const serverStandings: Standings = {
  '': { doc: 'All servers are alike.', boots: true },
  leader: { doc: 'It orders the writes, and sends them to the others.', boots: true },
  follower: { doc: 'It applies the writes of the leader in their order.', boots: true },
};

export const serverDocs: Readonly<Record<string, string>> = {
  value: 'What it has stored under each key, and after the @ which version of it.',
  'held requests': 'Requests that wait until it has what their client has already seen.',
  'reads here promise': 'What a read through it promises, which follows from R, W and N.',
  hints: 'Writes that it keeps for a server that could not be reached.',
  coordinates: 'Requests of clients for which it collects the answers of other servers.',
  'applied up to': 'The last write of the leader that it has applied.',
  committed: 'Up to here, the writes have been answered.',
  match: 'The last write that this follower has acknowledged.',
};

export function serverLook(state: Server['state'], node: Identity<Server>): Look {
  const { registers } = state;
  const value = Object.fromEntries(Object.entries(registers).map(([key, register]) =>
    [key, `${String(register.value)} @ ${versionText(register.version)}`]));
  const held = state.held.map(({ client, key }) => `${client} ${key}`);
  const waiting: Record<string, Json> = held.length === 0 ? {} : { 'held requests': held };
  switch (node.options.replication) {
    case 'leader':
      return { ...leaderLook(state, node), value, facts: { ...lagOf(state, node), ...waiting } };
    case 'quorum':
      return { value, facts: { 'reads here promise': state.promises, ...hintsOf(state) } };
    case 'causal':
      return { value, facts: { ...causalFacts(state), ...waiting } };
    case 'gossip':
      return gossipLook(state);
    default:
      return { value, facts: waiting };
  }
}

function leaderLook(state: Server['state'], node: Identity<Server>): Look {
  const isLeader = leaderOf(node) === node.id;
  return {
    standing: isLeader ? 'leader' : 'follower', tone: isLeader ? 'lead' : 'follow',
    ...(isLeader && {
      log: {
        first: 1,
        last: state.log.length,
        committed: state.log.length - state.unanswered.length,
        applied: state.log.length,
        peers: progressOf(state, node),
        entry: (index) => {
          const { key, value } = state.log[index - 1];
          return { value: { key, value } };
        },
      },
    }),
  };
}

/** What each follower has acknowledged. */
function progressOf({ acknowledged }: Server['state'], { peers }: Identity<Server>) {
  return Object.fromEntries(peers.map((id) => [id, { match: acknowledged[id] ?? 0 }]));
}

/** The leader's view of how far each follower is behind; a follower's view of where it is. */
function lagOf(state: Server['state'], node: Identity<Server>): Record<string, Json> {
  if (leaderOf(node) !== node.id) {
    return { 'applied up to': lastApplied({ state, nodes: node.nodes }) };
  }
  const behind = (id: string) => state.log.length - (state.acknowledged[id] ?? 0);
  return Object.fromEntries(node.peers.map((id) => [`${id} may be behind by`, behind(id)]));
}

function hintsOf({ hints, coordinating }: Server['state']): Record<string, Json> {
  const kept = hints.map(({ home, key, register }) =>
    `${key}=${String(register.value)} for ${home}`);
  const requests = Object.values(coordinating).map(({ request, phase }) =>
    `${request.name} ${request.key} of ${request.client}: ${phase}`);
  return {
    ...(kept.length > 0 && { hints: kept }),
    ...(requests.length > 0 && { coordinates: requests }),
  };
}
