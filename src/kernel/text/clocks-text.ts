/** The logical clocks of an event as text. */
import type { NodeId } from '../../protocol/types.ts';
import type { LogicalTime } from '../seam/causality.ts';

type Nodes = readonly { readonly id: NodeId }[];

export function lamportText(lamport: number): string {
  return `Lamport ${lamport}`;
}

/** The components of a vector that are not 0, by node. */
export function vectorFields(
  { vector }: Pick<LogicalTime, 'vector'>,
  nodes: Nodes,
): Record<NodeId, number> {
  return Object.fromEntries(
    vector.flatMap((count, index) => (count === 0 ? [] : [[nodes[index].id, count]])),
  );
}

/** `{n1: 3, n2: 5}`: nodes that are left out have 0. */
export function vectorText(fields: Readonly<Record<NodeId, number>>): string {
  const parts = Object.entries(fields).map(([id, count]) => `${id}: ${count}`);
  return `{${parts.join(', ')}}`;
}

export function clocksText(time: LogicalTime, nodes: Nodes): string {
  return clockFieldsText(time.lamport, vectorFields(time, nodes));
}

/** `Lamport 12, vector {n1: 3, n2: 5}`. */
export function clockFieldsText(
  lamport: number,
  vector: Readonly<Record<NodeId, number>>,
): string {
  return `${lamportText(lamport)}, vector ${vectorText(vector)}`;
}
