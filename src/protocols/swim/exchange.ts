/** Exchanges of the whole list: how a member joins, and how what gossip missed is repaired. */
// memberlist does this over TCP. The paper has no such exchange. Here, a message has a reply.
import { pick } from '../../protocol/patterns.ts';
import type { Frozen, NodeId, OperationId } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { type Listed, type Messages, present, type SwimNode } from './state.ts';
import { hear, ownUpdate } from './updates.ts';
import { spread } from './dissemination.ts';

const retryAfter = seconds(1);
const joinAttempts = 10;

/** Its own view, itself included. */
function ownList({ id, state }: SwimNode): Listed[] {
  const { members, incarnation, hasLeft } = state;
  const own: Listed = { member: id, status: hasLeft ? 'left' : 'alive', incarnation };
  const others = Object.keys(members).map((member): Listed => {
    const { status, incarnation: known } = members[member];
    return { member, status, incarnation: known };
  });
  return [own, ...others];
}

export function pushPull(node: SwimNode, partner: NodeId): void {
  const { incarnation } = node.state;
  node.send(partner, { type: 'PushPull', incarnation, members: ownList(node) });
}

export function replyWithList(
  node: SwimNode,
  { members }: Frozen<Messages['PushPull']>,
  from: NodeId,
): void {
  merge(node, members, from);
  const { incarnation } = node.state;
  node.send(from, { type: 'PushPullReply', incarnation, members: ownList(node) });
}

/** What is dead to the other one is only suspected here, so that it may still refute. */
export function merge(node: SwimNode, members: readonly Listed[], from: NodeId): void {
  for (const { member, status, incarnation } of members) {
    const mild = status === 'dead' && !node.options.deathIsFinal ? 'suspect' : status;
    const by = status === 'alive' || status === 'left' ? member : from;
    if (mild !== 'suspect' || node.state.suspicions !== null || member === node.id) {
      hear(node, { member, status: mild, incarnation, by });
    }
  }
}

export function exchangeWithAny(node: SwimNode): void {
  const { state, options } = node;
  node.setTimer('pushPull', options.pushPullInterval);
  const partners = present(state);
  if (partners.length > 0 && !state.hasLeft) pushPull(node, pick(node, partners));
}

/** Serf: of all that are alive, about one tries to reach each that is dead. */
export function reconnect(node: SwimNode): void {
  const { state, options } = node;
  node.setTimer('reconnect', options.reconnectInterval);
  if (state.hasLeft) return;
  const dead = Object.keys(state.members).filter((id) => state.members[id].status === 'dead');
  if (dead.length === 0) return;
  const alive = present(state).length + 1;
  if (node.random(alive) < dead.length) pushPull(node, pick(node, dead));
}

export function join(node: SwimNode, seed: NodeId, operation: OperationId): void {
  const { state, options } = node;
  if (state.hasLeft) {
    state.hasLeft = false;
    state.incarnation++;
    spread(node, ownUpdate(node, 'alive'));
    node.setTimer('period', options.protocolPeriod);
  }
  state.joining = { operation, seed, attempts: 0 };
  tryToJoin(node);
}

export function tryToJoin(node: SwimNode): void {
  const { joining } = node.state;
  if (joining === null) return;
  if (joining.attempts === joinAttempts) {
    return giveUpJoin(node, `${joining.seed} did not answer within ${joinAttempts} s`);
  }
  joining.attempts++;
  pushPull(node, joining.seed);
  node.setTimer('join', retryAfter);
}

export function giveUpJoin(node: SwimNode, reason: string): void {
  const { joining } = node.state;
  if (joining === null) return;
  node.state.joining = null;
  node.cancelTimer('join');
  node.fail(joining.operation, reason);
}

export function joined(node: SwimNode, from: NodeId): void {
  const { joining } = node.state;
  if (joining?.seed !== from) return;
  node.state.joining = null;
  node.cancelTimer('join');
  spread(node, ownUpdate(node, 'alive'));
  node.reply(joining.operation, 'OK');
}
