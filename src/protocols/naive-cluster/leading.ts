/** What a leader does, however it was elected: it executes writes, and sends its data. */
import { frozen } from '../../protocol/define.ts';
import { broadcast, majority } from '../../protocol/patterns.ts';
import type { Frozen, Node, NodeId } from '../../protocol/types.ts';
import { applyCommand } from '../raft/key-value-store.ts';
import type { ClientRequest, Data, Member, MemberState } from './state.ts';
import { electsByMajority, isOlder, members, others } from './version.ts';

export function lead(node: Node<Member>, by: number): void {
  const { state } = node;
  Object.assign(state, { standing: 'leader', leaderId: node.id, answered: [], stored: {} });
  state.waiting = [];
  node.event('LeaderElected', { term: state.term, of: members(node).length, by });
  node.cancelTimer('election');
  if (electsByMajority(node)) {
    // Data counts as stored in this term only from here on, as with the no-op of Raft.
    state.version = { term: state.term, number: 0 };
    node.setTimer('quorum', node.options.electionTimeout[1]);
  }
  sendData(node);
}

export function becomeFollower(node: Node<Member>, term: number, reason: string): void {
  const { state } = node;
  if (state.standing === 'leader') node.event('LeaderSteppedDown', { term: state.term, reason });
  if (term > state.term) Object.assign(state, { term, votedFor: null });
  Object.assign(state, { standing: 'follower', leaderId: null, votes: [], waiting: [] });
  node.cancelTimer('quorum');
  if (electsByMajority(node)) node.setTimer('election', node.options.electionTimeout);
}

/** A command is executed at once; its answer waits until enough nodes have the result. */
export function execute(node: Node<Member>, request: Frozen<ClientRequest>, from: NodeId): void {
  const { state } = node;
  if (state.data === null) return;
  const { command, serial, oldestPending } = request;
  const data = copyOf(state.data);
  const write = `${from} ${serial}: ${Object.values(command).join(' ')}`;
  const response = applyCommand(data, { command, clientId: from, serial, oldestPending });
  if (command.op !== 'get' && !data.writes.includes(write)) data.writes.push(write);
  state.data = data;
  state.version = { term: state.version.term, number: state.version.number + 1 };
  node.event('WriteExecuted', { write });
  const answer = response as MemberState['waiting'][number]['response'];
  state.waiting.push({ client: from, serial, version: state.version, response: answer });
  sendData(node);
  answerStored(node);
}

function copyOf({ kv, sessions, writes }: Data): Data {
  const copies: Data['sessions'] = {};
  for (const [client, { oldestPending, responses }] of Object.entries(sessions)) {
    copies[client] = { oldestPending, responses: [...responses] };
  }
  return { kv: { ...kv }, sessions: copies, writes: [...writes] };
}

export function sendData(node: Node<Member>): void {
  const { state } = node;
  if (state.data === null) return;
  const { term, version } = state;
  const data = frozen(copyOf(state.data));
  broadcast(node, { type: 'Store', term, version, data }, others(node));
}

/** Naive: all nodes that it can see have it, be it none. With the cure: a majority has it. */
export function answerStored(node: Node<Member>): void {
  const { state } = node;
  const has = (id: NodeId, version: MemberState['version']) => {
    const known = state.stored[id];
    return known !== undefined && !isOlder(known, version);
  };
  state.waiting = state.waiting.filter(({ client, serial, version, response }) => {
    const stored = others(node).filter((id) => has(id, version)).length + 1;
    const isEnough = electsByMajority(node)
      ? stored >= majority(members(node).length)
      : state.visible.every((id) => has(id, version));
    if (!isEnough) return true;
    node.event('WriteAnswered', { client, serial, stored });
    node.send(client, {
      type: 'ClientResponse', serial, status: 'OK', response, leaderHint: node.id,
    });
    return false;
  });
}
