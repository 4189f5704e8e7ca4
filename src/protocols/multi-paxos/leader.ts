/** The leader of Multi-Paxos: phase 1 for all slots, then phase 2 for each command. */
import { frozen } from '../../protocol/define.ts';
import { broadcast, majority } from '../../protocol/patterns.ts';
import type { Frozen, Node, NodeId } from '../../protocol/types.ts';
import { type Ballot, ballotOf, isBelow, numberOf } from '../paxos/ballot.ts';
import { chosenPrefix, learn } from './log.ts';
import type {
  ClientRequest, Entry, Phase1b, Phase2b, Replica, Reported,
} from './state.ts';

type Server = Node<Replica>;

export function resetElectionTimer(node: Server): void {
  node.setTimer('election', node.options.electionTimeout);
}

/** All replicas are acceptors, and this one is among them: it sends to itself as to the others. */
function acceptors(node: Server): readonly NodeId[] {
  return node.nodes('replica');
}

function quorum(node: Server): number {
  const needed = majority(acceptors(node).length);
  return node.options.quorum === 'majority' ? needed : Math.max(1, needed - 1);
}

/** Phase 1 (a), for all slots that it does not know to be chosen. */
export function beginBallot(node: Server): void {
  const { state } = node;
  state.number = Math.max(state.number, numberOf(state.maxBal)) + 1;
  const ballot = ballotOf(state.number, node.id);
  const firstSlot = chosenPrefix(state) + 1;
  Object.assign(state, { standing: 'preparing', ballot, promises: [], proposed: {} });
  state.leaderId = null;
  node.event('BallotStarted', { ballot, firstSlot });
  resetElectionTimer(node);
  broadcast(node, { type: 'Phase1a', ballot, firstSlot }, acceptors(node));
}

export function countPromise(node: Server, message: Frozen<Phase1b>, from: NodeId): void {
  const { state } = node;
  const { ballot, votes } = message;
  if (state.standing !== 'preparing' || ballot !== state.ballot) return;
  if (state.promises.some((one) => one.from === from)) return;
  state.promises.push({ from, votes });
  if (state.promises.length >= quorum(node)) becomeLeader(node, ballot);
}

/**
 * §3: for the slots with votes, the leader proposes what phase 1 demands; "the leader can fill the
 * gap" between them with "a special 'no-op' command that leaves the state unchanged".
 */
function becomeLeader(node: Server, ballot: Ballot): void {
  const { state } = node;
  state.standing = 'leader';
  state.leaderId = node.id;
  node.event('LeaderElected', { ballot, votes: state.promises.length });
  const reported = state.promises.flatMap(({ votes }) => votes);
  const last = reported.reduce((most, { slot }) => Math.max(most, slot), chosenPrefix(state));
  for (let slot = chosenPrefix(state) + 1; slot <= last; slot++) {
    const vote = highestVote(reported, slot);
    if (vote === null) {
      node.event('GapFilled', { slot, ballot });
      propose(node, slot, noOp);
    } else {
      const { command } = vote.entry;
      node.event('ValueAdopted', { slot, ballot, from: vote.ballot, command });
      propose(node, slot, vote.entry);
    }
  }
  state.nextSlot = last + 1;
  state.promises = [];
  node.cancelTimer('election');
  announce(node);
}

const noOp: Entry = frozen({
  command: { op: 'no-op' }, clientId: null, serial: 0, oldestPending: 0,
} as const);

function highestVote(reported: readonly Reported[], slot: number): Reported | null {
  let highest: Reported | null = null;
  for (const one of reported) {
    if (one.slot === slot && isBelow(highest?.ballot ?? null, one.ballot)) highest = one;
  }
  return highest;
}

/** A client's command goes into the next slot, at once: phase 1 is over for all slots. */
export function offer(node: Server, message: Frozen<ClientRequest>, clientId: NodeId): void {
  const { command, serial, oldestPending } = message;
  const isProposed = Object.values(node.state.proposed).some(
    ({ entry }) => entry.clientId === clientId && entry.serial === serial,
  );
  if (isProposed) return;
  propose(node, node.state.nextSlot++, frozen({ command, clientId, serial, oldestPending }));
}

/** Phase 2 (a) of one slot. */
function propose(node: Server, slot: number, entry: Entry): void {
  const { state } = node;
  const ballot = state.ballot!;
  state.proposed[slot] = { entry, votes: [] };
  node.event('Proposed', { slot, ballot, command: entry.command });
  broadcast(node, { type: 'Phase2a', ballot, slot, entry }, acceptors(node));
}

export function countVote(node: Server, { ballot, slot }: Frozen<Phase2b>, from: NodeId): void {
  const { state } = node;
  if (state.standing !== 'leader' || ballot !== state.ballot) return;
  const proposed = state.proposed[slot];
  if (proposed === undefined || proposed.votes.includes(from)) return;
  proposed.votes.push(from);
  if (proposed.votes.length < quorum(node)) return;
  delete state.proposed[slot];
  learn(node, slot, proposed.entry);
}

/** Repeats the proposals that may have been lost, to those that have not voted. */
export function heartbeat(node: Server): void {
  const { state } = node;
  const ballot = state.ballot!;
  for (const [slot, { entry, votes }] of Object.entries(state.proposed)) {
    const missing = acceptors(node).filter((id) => !votes.includes(id));
    broadcast(node, { type: 'Phase2a', ballot, slot: Number(slot), entry }, missing);
  }
  announce(node);
}

function announce(node: Server): void {
  const { state } = node;
  const chosenUpTo = chosenPrefix(state);
  broadcast(node, { type: 'Heartbeat', ballot: state.ballot!, chosenUpTo });
  node.setTimer('heartbeat', node.options.heartbeatInterval);
}

/** Ends its ballot: another replica has a higher one. */
export function stepDown(node: Server, maxBal: Ballot | null): void {
  const { state } = node;
  if (state.ballot === null) return;
  node.event('SteppedDown', { ballot: state.ballot, maxBal });
  state.number = Math.max(state.number, numberOf(maxBal));
  Object.assign(state, { standing: 'follower', ballot: null, promises: [], proposed: {} });
  state.leaderId = null;
  node.cancelTimer('heartbeat');
  resetElectionTimer(node);
}
