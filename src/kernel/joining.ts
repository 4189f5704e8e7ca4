/** Whether a node can be added to a cluster that runs. */
import type { NodeId, Protocol } from '../protocol/types.ts';
import type { Plan } from './plan.ts';

/** Why a node cannot be added. */
export type NotAdded =
  | { readonly type: 'node exists'; readonly node: NodeId }
  | { readonly type: 'too many nodes'; readonly most: number }
  | { readonly type: 'unknown role'; readonly role: string }
  /** `why` is the reason that the protocol gives; undefined if it gives none. */
  | { readonly type: 'no joining'; readonly role: string; readonly why?: string };

/** How many nodes a cluster can have: a run has room for the number of one in 7 bits. */
export const nodesMax = 128;

export function whyNotAdded(plan: Plan, node: NodeId, role: string): NotAdded | undefined {
  if (plan.indexOf.has(node)) return { type: 'node exists', node };
  if (plan.size >= nodesMax) return { type: 'too many nodes', most: nodesMax };
  return whyNoJoining(plan.setup.protocol, role);
}

/** Why no node of a role can be added. */
export function whyNoJoining({ roles }: Protocol, role: string): NotAdded | undefined {
  if (!Object.hasOwn(roles, role)) return { type: 'unknown role', role };
  const { joins } = roles[role];
  if (joins === true) return undefined;
  return { type: 'no joining', role, ...(joins === undefined ? {} : { why: joins }) };
}
