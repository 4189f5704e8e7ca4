/** Hinted handoff: what a server keeps for others that could not be reached, and gives them. */
// DeCandia et al., Dynamo (2007), §4.6: the replica "will have a hint in its metadata that suggests
// which node was the intended recipient of the replica. Nodes that receive hinted replicas will
// keep them in a separate local database that is scanned periodically. Upon detecting that A has
// recovered, D will attempt to deliver the replica to A. Once the transfer succeeds, D may delete
// the object from its local store".
import type { Frozen, NodeId } from '../../protocol/types.ts';
import { storeCopy } from './copies.ts';
import type { HandedOff, HandOff, Register } from './data/messages.ts';
import type { Hint, ServerNode } from './data/state.ts';
import { compareVersions, newest, versionOf, versionText } from './data/versions.ts';

/** The newest register of a key that this server keeps for others. */
export function hintedCopy(node: ServerNode, key: string): Register | null {
  return newest(node.state.hints.filter((hint) => hint.key === key).map((hint) => hint.register));
}

/** Keeps the newest register for each server and key. */
export function keepHint(node: ServerNode, hint: Hint): void {
  const { home, key, register } = hint;
  const isOfSame = (one: Hint) => one.home === home && one.key === key;
  const kept = node.state.hints.find(isOfSame)?.register;
  if (compareVersions(register.version, versionOf(kept)) <= 0) return;
  // Set for the first hint only: under a stream of writes, a timer set anew would never fire.
  if (node.state.hints.length === 0) node.setTimer('handOff', node.options.handOffEvery);
  node.state.hints = [...node.state.hints.filter((one) => !isOfSame(one)), hint];
  node.event('HintKept', { home, key, version: versionText(register.version) });
}

/** Tries to give each server what this one keeps for it; again later, until it has all. */
export function deliverHints(node: ServerNode): void {
  const { hints } = node.state;
  for (const { home, key, register } of hints) node.send(home, { type: 'HandOff', key, register });
  if (hints.length > 0) node.setTimer('handOff', node.options.handOffEvery);
}

export const sloppyMessages = {
  HandOff(node: ServerNode, { key, register }: Frozen<HandOff>, from: NodeId): void {
    storeCopy(node, key, register);
    node.send(from, { type: 'HandedOff', key, version: register.version });
  },

  HandedOff(node: ServerNode, { key, version }: Frozen<HandedOff>, home: NodeId): void {
    const isDelivered = (hint: Hint) =>
      hint.home === home && hint.key === key &&
      compareVersions(hint.register.version, version) <= 0;
    if (!node.state.hints.some(isDelivered)) return;
    node.state.hints = node.state.hints.filter((hint) => !isDelivered(hint));
    node.event('HintDelivered', { home, key, version: versionText(version) });
  },
};

export const sloppyTimers = { handOff: deliverHints };
