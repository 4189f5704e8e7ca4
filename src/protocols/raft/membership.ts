/** Membership changes: one server is added or removed at a time (thesis §4). */
// A configuration is an entry of the log, and "a server always uses the latest configuration in its
// log, regardless of whether the entry is committed" (§4.1). Majorities of configurations that
// differ in one server share a server, so the old and the new one cannot decide apart. That holds
// only from one change to the next: a leader begins a change once the last one is committed, and
// once it has committed an entry of its own term. The second condition is the correction of 2015:
// without it, a change of an earlier leader may come back, and differ from the new one in two
// servers.
import { frozen } from '../../protocol/define.ts';
import type { Frozen, Json, Node, NodeId } from '../../protocol/types.ts';
import { termAt } from './log.ts';
import type {
  ClientRequest, Configuration, Entry, Membership, MembershipCommand, NoOp, Replica,
} from './state.ts';

type Server = Node<Replica>;

/** "The algorithm waits a fixed number of rounds (such as 10)" (§4.2.1). */
const roundsMax = 10;

export function firstMembers({ members }: Readonly<Replica['options']>): Membership {
  return { members: members.length > 0 ? members : null, membersIndex: 0, change: null };
}

export function isMember({ id, state: { members } }: Server): boolean {
  return members === null || members.includes(id);
}

/**
 * "A server that is not part of its own latest configuration should still start new elections, as
 * it might still be needed until the Cnew entry is committed (as in Figure 4.6)" (§4.2.2): if it
 * alone has that entry, the other members cannot win against its log.
 */
export function mayCampaign(node: Server): boolean {
  const { id, options, state: { commitIndex, log, membersIndex } } = node;
  if (isMember(node)) return true;
  if (membersIndex <= commitIndex) return false;
  const before = log.findLast((entry, i) => i < membersIndex - 1 && isConfiguration(entry));
  return (configurationIn(before)?.members ?? firstMembers(options).members)?.includes(id) ?? true;
}

/** "It does not count its own vote … unless it is part of its latest configuration" (§4.2.2). */
export function ownVote(node: Server): NodeId[] {
  return isMember(node) ? [node.id] : [];
}

/** The other members: those whose votes count, and a leader replicates its log to them. */
export function otherMembers({ id, peers, state: { members } }: Server): readonly NodeId[] {
  return members === null ? peers : members.filter((member) => member !== id);
}

/** All to which a leader replicates its log: the other members, and a server that catches up. */
export function followers(node: Server): readonly NodeId[] {
  const { change } = node.state;
  const known = otherMembers(node);
  if (change?.phase === undefined || change.op === 'removeServer') return known;
  return known.includes(change.server) ? known : [...known, change.server];
}

function configurationIn(entry: Frozen<Entry<Json>> | undefined): Configuration | undefined {
  const command = entry?.command as { readonly op?: unknown } | undefined;
  return command?.op === 'configuration' ? (command as Configuration) : undefined;
}

function isConfiguration(entry: Frozen<Entry<Json>>): boolean {
  return configurationIn(entry) !== undefined;
}

/** Called for each entry that is appended. */
export function noteMembers(node: Server, entry: Frozen<Entry<Json>>): void {
  const configuration = configurationIn(entry);
  if (configuration === undefined) return;
  node.state.members = configuration.members;
  node.state.membersIndex = node.state.log.length;
  node.event('MembersChanged', { members: [...configuration.members] });
}

/** Finds the latest configuration again: at the start, and when entries were deleted. */
export function restoreMembers(node: Server): void {
  const { state } = node;
  const { log } = state;
  const index = log.findLastIndex(isConfiguration) + 1;
  const before = firstMembers(node.options).members;
  state.members = configurationIn(log[index - 1])?.members ?? before;
  state.membersIndex = index;
}

export function isMembershipCommand(command: unknown): command is MembershipCommand {
  const { op } = command as { op?: unknown };
  return op === 'addServer' || op === 'removeServer';
}

/** The rules of Figure 2 that a change uses. */
export interface MembershipRules {
  sendAppendEntries(node: Server, to: NodeId): void;
  propose(node: Server, command: NoOp, serial: number): void;
  stepDown(node: Server): void;
}

/** AddServer and RemoveServer RPC, receiver implementation (§4.1, Figure 4.1). */
export function beginChange(
  node: Server,
  { serial, command }: Pick<Frozen<ClientRequest>, 'serial'> & { command: MembershipCommand },
  clientId: NodeId,
  rules: MembershipRules,
): void {
  const { state } = node;
  const { op, server } = command;
  const isIn = isMember(node) && server === node.id ? true : otherMembers(node).includes(server);
  // One change at a time: the client tries again. A repeated request finds its change done.
  if (state.change !== null || state.membersIndex > state.commitIndex) return;
  if (isIn === (op === 'addServer')) return answer(node, clientId, serial, 'OK');
  const phase = op === 'addServer' ? 'catching up' : 'waiting';
  state.change = {
    op, server, clientId, serial, phase, round: 1, roundEnd: state.log.length, late: 0, index: 0,
  };
  if (op === 'removeServer') return proceed(node, rules);
  state.nextIndex[server] = state.log.length + 1;
  state.matchIndex[server] = 0;
  node.setTimer('round', node.options.electionTimeout[0]);
  rules.sendAppendEntries(node, server);
}

/** A round ends when the new server has all entries that the leader had when it began (§4.2.1). */
export function noteRound(node: Server, from: NodeId, rules: MembershipRules): void {
  const { state } = node;
  const { change } = state;
  if (change?.phase !== 'catching up' || from !== change.server) return;
  if (state.matchIndex[from] < change.roundEnd) return;
  // "If the last round lasts less than an election timeout, the leader adds the server."
  if (change.late === 0) {
    node.cancelTimer('round');
    node.event('ServerCaughtUp', { server: from, rounds: change.round });
    change.phase = 'waiting';
    return proceed(node, rules);
  }
  if (change.round >= roundsMax) return abandonChange(node, 'it is too slow');
  Object.assign(change, { round: change.round + 1, roundEnd: state.log.length, late: 0 });
  node.setTimer('round', node.options.electionTimeout[0]);
}

/** The round takes longer than an election timeout; a server that never answers is given up. */
export function roundIsLate(node: Server): void {
  const { change } = node.state;
  if (change?.phase !== 'catching up') return;
  change.late++;
  if (change.late >= roundsMax) return abandonChange(node, 'it does not answer');
  node.setTimer('round', node.options.electionTimeout[0]);
}

function abandonChange(node: Server, reason: string): void {
  const change = node.state.change!;
  endChange(node);
  node.event('ChangeAbandoned', { server: change.server, reason });
  answer(node, change.clientId, change.serial, 'TIMEOUT');
}

/** Appends the new configuration, if the last one and an entry of this term are committed. */
export function proceed(node: Server, rules: MembershipRules): void {
  const { state } = node;
  const { change } = state;
  if (change?.phase !== 'waiting' || state.membersIndex > state.commitIndex) return;
  if (termAt(state.log, state.commitIndex) !== state.currentTerm) return;
  const { op, server } = change;
  const own = isMember(node) ? [node.id] : [];
  const now = [...own, ...otherMembers(node)].sort();
  const members = op === 'addServer' ? [...now, server] : now.filter((id) => id !== server);
  change.phase = 'committing';
  change.index = state.log.length + 1;
  const configuration: Configuration = frozen({ op: 'configuration', members });
  // To a state machine, it is a blank entry.
  rules.propose(node, configuration as unknown as NoOp, change.index);
}

/** Called when the leader has committed more: it answers, and a leader that is removed ends. */
export function changeCommitted(node: Server, rules: MembershipRules): void {
  const { state } = node;
  const { change } = state;
  if (change?.phase === 'waiting') return proceed(node, rules);
  if (change?.phase === 'committing' && state.commitIndex >= change.index) {
    endChange(node);
    answer(node, change.clientId, change.serial, 'OK');
  }
  // "A leader that is removed … steps down once the new configuration is committed" (§4.2.2).
  if (!isMember(node) && state.commitIndex >= state.membersIndex) rules.stepDown(node);
}

export function endChange(node: Server): void {
  if (node.state.change === null) return;
  node.state.change = null;
  node.cancelTimer('round');
}

function answer(node: Server, clientId: NodeId, serial: number, response: string): void {
  node.send(clientId, {
    type: 'ClientResponse', serial, status: 'OK', response, leaderHint: node.id,
  });
}
