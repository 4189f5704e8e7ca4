/** What the State Machine panel draws: the standings of a role, and the transitions taken. */
import type { NodeStatus } from '../../kernel/seam/moment.ts';

/**
 * `others` chooses what nodes of the role hold others to be. `node` narrows what is counted and
 * listed to one node: of `others`, to what it is held to be.
 */
export type RolesSelection = { role: string; node?: string; others?: boolean } | { role: null };

export interface RolesView {
  /** The roles that nodes of the run have, each with the nodes. */
  roles: { name: string; nodes: string[]; declares: boolean; others: boolean }[];
  /** The one that is shown. */
  role: string;
  /** Whether what its nodes hold others to be is shown, and not what they are. */
  others: boolean;
  node?: string;
  doc: string;
  /** Empty if the role neither declares nor shows any. */
  states: StateView[];
  /** In the order of the states and of what they declare; those not declared come last. */
  transitions: TransitionView[];
  /** Nodes that do not run: they have no standing. */
  off: { node: string; status: NodeStatus }[];
  /** Transitions are counted from this step on; 0 is the start of the run. */
  since: number;
  /** The diagram in Mermaid's language: the panel draws it. */
  mermaid: string;
}

export interface StateView {
  /** As the role shows it; empty if it shows none. */
  standing: string;
  /** Empty if it is not declared. */
  doc: string;
  isDeclared: boolean;
  boots: boolean;
  /** Each with the nodes that hold it to be this, unless all that know it do. */
  nodes: string[];
}

export interface TransitionView {
  /** Null for the boot of a node. */
  from: string | null;
  to: string;
  /** Empty if it is not declared. */
  cause: string;
  isDeclared: boolean;
  /** How often it was taken up to this moment. */
  count: number;
  /** When it was taken last. */
  last?: { step: number; time: number; node: string };
  /** The nodes that took it in the last step. */
  now: string[];
}
