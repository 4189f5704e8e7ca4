/** The failure detector (§3.1): each period a member is pinged, directly and through others. */
import { shuffle } from '../../protocol/patterns.ts';
import type { Frozen, NodeId, Role } from '../../protocol/types.ts';
import { takeUpdates } from './dissemination.ts';
import { rate, scaled } from './lifeguard.ts';
import {
  isPresent, type Member, type Messages, present, type SwimNode, type Update,
} from './state.ts';
import { declareDead, hear } from './updates.ts';

export function beginPeriod(node: SwimNode): void {
  const { state, options } = node;
  if (state.hasLeft) return;
  concludeProbe(node);
  state.periods++;
  node.setTimer('period', scaled(node, options.protocolPeriod));
  const target = nextTarget(node);
  if (target === undefined) return;
  const sequence = ++state.sequence;
  state.probe = { target, sequence, isAcked: false, helpers: 0, nacks: 0 };
  const updates = takeUpdates(node, accusation(node, target));
  node.send(target, { type: 'Ping', sequence, updates });
  node.setTimer('pingTimeout', options.pingTimeout, sequence, 'probe');
}

/**
 * §4.3, round robin: each member is probed once in a round, and the list is shuffled between two
 * rounds. So a member that fails is probed by each other one within 2n - 1 periods.
 */
function nextTarget(node: SwimNode): NodeId | undefined {
  const { state } = node;
  if (state.round.length === 0) state.round = shuffle(node, present(state));
  return state.round.shift();
}

/** A suspect learns of its suspicion with the ping, so that it can refute it soon. */
function accusation({ id, state }: SwimNode, member: NodeId): Update | undefined {
  const { status, incarnation } = state.members[member];
  if (status !== 'suspect') return undefined;
  const by = state.suspicions?.[member]?.accusers[0] ?? id;
  return { member, status, incarnation, by };
}

/** "If no ack was received at the end of the period, it declares the member as failed." */
function concludeProbe(node: SwimNode): void {
  const { state } = node;
  const { probe } = state;
  if (probe === null) return;
  state.probe = null;
  node.cancelTimer('pingTimeout', 'probe');
  rate(node, probe);
  const { target: member, isAcked } = probe;
  const known = state.members[member];
  if (isAcked || !isPresent(known)) return;
  if (state.suspicions === null) return declareDead(node, member);
  const { incarnation } = known;
  hear(node, { member, status: 'suspect', incarnation, by: node.id });
}

/** k members, chosen at random, ping the target: the link to it may be bad, and not the target. */
export function pingThroughOthers(node: SwimNode, sequence: number): void {
  const { state, options } = node;
  const { probe } = state;
  if (probe === null || probe.sequence !== sequence || probe.isAcked) return;
  const { target } = probe;
  const others = present(state).filter((id) => id !== target);
  const helpers = shuffle(node, others).slice(0, options.indirectProbes);
  probe.helpers = helpers.length;
  node.event('ProbeFailed', { member: target, helpers: helpers.length });
  for (const helper of helpers) {
    node.send(helper, { type: 'PingReq', sequence, target, updates: takeUpdates(node) });
  }
}

type Probing = Pick<Role<Member>['messages'], 'Ping' | 'PingReq' | 'Ack' | 'Nack'>;

export const probing: Probing = {
  Ping(node, { sequence, updates }, from) {
    hearAll(node, updates);
    node.send(from, { type: 'Ack', sequence, updates: takeUpdates(node) });
  },

  PingReq(node, { sequence: prober, target, updates }, from) {
    hearAll(node, updates);
    const { state, options } = node;
    const sequence = ++state.sequence;
    state.relays[sequence] = { prober: from, sequence: prober, target };
    node.send(target, { type: 'Ping', sequence, updates: takeUpdates(node) });
    node.setTimer('relay', options.pingTimeout, sequence, String(sequence));
  },

  Ack(node, { sequence, updates }, from) {
    hearAll(node, updates);
    const { probe, relays } = node.state;
    if (sequence in relays) return passOnAck(node, sequence);
    if (probe === null || probe.sequence !== sequence || probe.isAcked) return;
    probe.isAcked = true;
    node.cancelTimer('pingTimeout', 'probe');
    if (from !== probe.target) node.event('ProbeSaved', { member: probe.target, by: from });
  },

  Nack(node, { sequence, updates }) {
    hearAll(node, updates);
    const { probe } = node.state;
    if (probe?.sequence === sequence) probe.nacks++;
  },
};

export function hearAll(node: SwimNode, updates: Frozen<Messages['Gossip']['updates']>): void {
  for (const update of updates) hear(node, update);
}

function passOnAck(node: SwimNode, sequence: number): void {
  const { prober, sequence: its } = node.state.relays[sequence];
  delete node.state.relays[sequence];
  node.cancelTimer('relay', String(sequence));
  node.send(prober, { type: 'Ack', sequence: its, updates: takeUpdates(node) });
}

/** The target did not answer the ping that was for another member. */
export function relayFailed(node: SwimNode, sequence: number): void {
  const relay = node.state.relays[sequence];
  if (relay === undefined) return;
  delete node.state.relays[sequence];
  if (!node.options.lifeguard) return;
  const updates = takeUpdates(node);
  node.send(relay.prober, { type: 'Nack', sequence: relay.sequence, updates });
}
