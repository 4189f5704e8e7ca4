/** Commands on their way through the log: proposed to the leader, and answered when applied. */
// As in etcd's EtcdServer.processInternalRaftRequestOnce: each member waits for the entries that it
// proposed, and answers its own clients. After a timeout it does not know whether the entry will
// still be committed.
import { frozen } from '../../protocol/define.ts';
import type { Frozen, NodeId } from '../../protocol/types.ts';
import { propose as appendToLog } from '../raft/raft.ts';
import { type EtcdCommand, type Failure, failure, type Logged } from './api.ts';
import { answer, isLeader, requestTimeout, type Server } from './leadership.ts';
import { electionTimeout } from './lessor.ts';
import type { Caller, Proposal } from './state.ts';

export function propose(node: Server, caller: Caller | null, command: EtcdCommand): void {
  const { state } = node;
  const serial = ++state.serial;
  const logged: Logged = { ...command, client: caller?.client ?? node.id };
  state.proposals[serial] = frozen({ caller, command: logged, since: node.now(), waits: false });
  node.setTimer('requestTimeout', requestTimeout(node), serial, String(serial));
  passOn(node, serial);
}

/** Without a leader, the proposal waits for one. With one, it is sent once, and may be lost. */
function passOn(node: Server, serial: number): void {
  const { state } = node;
  const proposal = state.proposals[serial];
  const { command } = proposal;
  if (isLeader(node)) take(node, node.id, serial, command);
  else if (state.leaderId !== null) node.send(state.leaderId, { type: 'Propose', serial, command });
  const waits = state.leaderId === null;
  if (proposal.waits !== waits) state.proposals[serial] = frozen({ ...proposal, waits });
}

/** Now that there is a leader: sends it what waited. */
export function passOnWaiting(node: Server): void {
  for (const [serial, { waits }] of Object.entries(node.state.proposals)) {
    if (waits) passOn(node, Number(serial));
  }
}

/** A member that is not the leader passes it on to the one that it knows, if any. */
export function receiveProposal(
  node: Server,
  { serial, command }: Frozen<{ serial: number; command: Logged }>,
  from: NodeId,
): void {
  if (isLeader(node)) take(node, from, serial, command);
}

/** The stream between two members delivers a proposal once; a copy of the network's is dropped. */
function take(node: Server, member: NodeId, serial: number, command: Frozen<Logged>): void {
  const { state } = node;
  // Until the hand-over succeeds or is given up, the leader takes no proposals.
  if (state.handover !== null || serial <= (state.taken[member] ?? 0)) return;
  state.taken[member] = serial;
  appendToLog(node, command, serial, member);
}

/** The member that proposed the entry takes its proposal back, to answer it. */
export function takeProposal(node: Server, serial: number): Proposal | undefined {
  const { state } = node;
  const proposal = state.proposals[serial];
  if (proposal === undefined) return undefined;
  delete state.proposals[serial];
  node.cancelTimer('requestTimeout', String(serial));
  return proposal;
}

export function giveUpProposal(node: Server, serial: number): void {
  const proposal = takeProposal(node, serial);
  if (proposal?.caller) answer(node, proposal.caller, whyTimedOut(node, proposal));
}

/** As EtcdServer.parseProposeCtxErr words it. */
function whyTimedOut(node: Server, { since, waits }: Proposal): Failure {
  if (waits) return failure('context deadline exceeded');
  const { electedAt } = node.state;
  const lostBefore = 2 * electionTimeout(node);
  if (electedAt !== null && since > electedAt - lostBefore && since < electedAt) {
    return failure('etcdserver: request timed out, possibly due to previous leader failure');
  }
  return failure('etcdserver: request timed out');
}
