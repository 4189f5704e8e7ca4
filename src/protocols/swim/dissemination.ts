/** Infection-style dissemination (§4.1): updates travel on pings and acks, like rumours. */
import { shuffle } from '../../protocol/patterns.ts';
import type { Frozen, Micros, NodeId } from '../../protocol/types.ts';
import { groupSize, isPresent, type SwimNode, type Update } from './state.ts';

/** An update about the same member is outdated by a newer one. */
export function spread(node: SwimNode, update: Frozen<Update>): void {
  const { state, options } = node;
  state.rumours = state.rumours.filter((one) => one.update.member !== update.member);
  state.rumours.unshift({ update, sent: 0, limit: options.retransmitMult });
  if (options.gossipInterval > 0) node.setTimer('gossip', options.gossipInterval);
}

/** "Each update is piggybacked at most λ log n times": λ⌈log10(n + 1)⌉ in memberlist. */
export function transmitLimit(node: SwimNode): number {
  return node.options.retransmitMult * Math.ceil(Math.log10(groupSize(node.state) + 1));
}

/** Takes the updates for one message: those that were sent the fewest times come first. */
export function takeUpdates(node: SwimNode, first?: Update): readonly Update[] {
  const { state, options } = node;
  const taken: Update[] = first === undefined ? [] : [first];
  if (state.rumours.length === 0) return taken;
  const limit = transmitLimit(node);
  const byCount = [...state.rumours].sort((a, b) => a.sent - b.sent);
  for (const rumour of byCount) {
    if (taken.length >= options.updatesPerMessage) break;
    if (rumour.update.member === first?.member) continue;
    taken.push(rumour.update);
    rumour.sent++;
  }
  state.rumours = state.rumours.filter(({ sent }) => sent < limit);
  return taken;
}

/** memberlist sends updates between the probes, too: to a few members each time. */
export function gossip(node: SwimNode): void {
  const { state, options } = node;
  const chosen = shuffle(node, listeners(node)).slice(0, options.gossipNodes);
  for (const member of chosen) {
    if (state.rumours.length === 0) return;
    node.send(member, { type: 'Gossip', updates: takeUpdates(node) });
  }
  if (state.rumours.length > 0 && options.gossipInterval > 0) {
    node.setTimer('gossip', options.gossipInterval);
  }
}

/** A member that is held dead by mistake learns of it in this way, and can refute it. */
function listeners(node: SwimNode): NodeId[] {
  const { members } = node.state;
  const after: Micros = node.now() - node.options.gossipToTheDead;
  return Object.keys(members).filter((id) => {
    const known = members[id];
    return isPresent(known) || (known.status === 'dead' && known.since > after);
  });
}
