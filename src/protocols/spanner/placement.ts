/** Which group stores a key, and which replicas a group has: both can be read off their names. */
// In Spanner, a location proxy knows where a key range is, and placement moves it (§2). Here the
// replicas a1, a2, a3 are the group a, and a key such as a/x is in the group before its slash.
import type { Node, NodeId } from '../../protocol/types.ts';

type Knowing = Pick<Node, 'nodes'>;

/** `a1` is a replica of the group `a`. */
export function groupOf(replica: NodeId): string {
  return replica.replace(/\d+$/, '');
}

/** The replicas of a group, in the order of the scenario. */
export function membersOf(node: Knowing, group: string): readonly NodeId[] {
  return node.nodes('replica').filter((id) => groupOf(id) === group);
}

/** The group that stores a key. A key without a slash is in the first group. */
export function groupOfKey(node: Knowing, key: string): string {
  const slash = key.indexOf('/');
  if (slash >= 0) return key.slice(0, slash);
  const [first] = node.nodes('replica');
  return first === undefined ? '' : groupOf(first);
}

/** Why a key cannot be stored; undefined if it can. */
export function whyNoPlace(node: Knowing, key: string): string | undefined {
  const group = groupOfKey(node, key);
  if (membersOf(node, group).length > 0) return undefined;
  const groups = [...new Set(node.nodes('replica').map(groupOf))].join(', ') || 'none';
  return `${key} is in the group "${group}", which has no replica: the groups are ${groups}`;
}

/** The items by the group of their key, in the order in which the groups occur. */
export function byGroup(node: Knowing, keys: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const group = groupOfKey(node, key);
    const known = groups.get(group);
    if (known === undefined) groups.set(group, [key]);
    else known.push(key);
  }
  return groups;
}
