/** The one list of things that can happen next. Only `step` applies an action. */
import type { Json, Micros, NodeId, Range } from '../protocol/types.ts';

/** Names a message: the `ordinal`-th on its link, and which copy of it. */
export interface MessageName {
  from: NodeId;
  to: NodeId;
  ordinal: number;
  copy: number;
}

/** A change of the network, on all links or on the given ones. */
export interface NetworkRule {
  /** Links from these nodes (from all, if absent) to those (to all, if absent). */
  from?: NodeId[];
  to?: NodeId[];
  latency?: Range;
  /** Added to the latency that is drawn. */
  delay?: Micros;
  /** Probabilities, 0 to 1. */
  loss?: number;
  duplicate?: number;
  /** Whether later messages may overtake earlier ones on the same link. */
  reorder?: boolean;
}

interface Timed {
  /** The virtual time at which it happens. If that is past, it happens now. */
  at: Micros;
  /** The scenario step that requested it, counted from 0; absent if no step did. */
  step?: number;
  /**
   * The numbers that `node.random` returns in this step, in their order; further ones are drawn.
   * An explorer takes all of them, one after the other.
   */
  draws?: readonly number[];
}

export type Action =
  | (Timed & { type: 'deliver' } & MessageName)
  | (Timed & { type: 'drop' } & MessageName)
  | (Timed & { type: 'duplicate' } & MessageName)
  | (Timed & { type: 'delay'; by: Micros } & MessageName)
  | (Timed & { type: 'fire'; node: NodeId; timer: string; key: string })
  | (Timed & {
      type: 'invoke';
      node: NodeId;
      operation: string;
      args: Record<string, Json>;
      /** True if the node was paused when it was invoked, and runs the operation now. */
      woken?: true;
    })
  | (Timed & { type: 'crash'; node: NodeId })
  | (Timed & { type: 'restart'; node: NodeId })
  /** Adds a node to the cluster, which boots it. */
  | (Timed & { type: 'add'; node: NodeId; role: string })
  | (Timed & { type: 'pause'; node: NodeId; for?: Micros })
  | (Timed & { type: 'resume'; node: NodeId })
  /** Cuts the links between the groups, both ways. A node in no group still reaches all others. */
  | (Timed & { type: 'partition'; groups: NodeId[][]; for?: Micros })
  /** Cuts one direction only. */
  | (Timed & { type: 'cut'; from: NodeId[]; to: NodeId[]; for?: Micros })
  /** Restores the given links, or all links. */
  | (Timed & ({ type: 'heal'; from: NodeId[]; to: NodeId[] } | Heal))
  /** The host of a node loses its power, or its network cable: its peers hear nothing of that. */
  | (Timed & { type: 'power-off'; node: NodeId; for?: Micros })
  | (Timed & { type: 'unplug'; node: NodeId; for?: Micros })
  | (Timed & { type: 'plug-in'; node: NodeId })
  /** Resets all connections between two nodes: both get an RST. */
  | (Timed & { type: 'reset'; nodes: readonly [NodeId, NodeId] })
  /** A host sends again what did not arrive on a connection, or gives up. */
  | (Timed & { type: 'retransmit'; node: NodeId; connection: string })
  /** A host probes whether the silent peer of a connection is still there, or gives up. */
  | (Timed & { type: 'probe'; node: NodeId; connection: string })
  /** An fsync of the node takes this long, or completes only after a while or never. */
  | (Timed & { type: 'disk'; node: NodeId; does: 'slow'; by: Micros })
  | (Timed & { type: 'disk'; node: NodeId; does: 'stall'; for?: Micros })
  | (Timed & { type: 'disk'; node: NodeId; does: 'ok' })
  /** The oldest write of a node has reached its disk. */
  | (Timed & { type: 'synced'; node: NodeId })
  | (Timed & { type: 'skew'; node: NodeId; offset?: Micros; jump?: Micros; drift?: number })
  | (Timed & { type: 'network'; rule: NetworkRule });

interface Heal {
  type: 'heal';
  from?: undefined;
  to?: undefined;
}

/** Whether both names are of the same copy of the same message. */
export function isNamed(message: MessageName, name: MessageName): boolean {
  return (
    message.ordinal === name.ordinal &&
    message.copy === name.copy &&
    message.from === name.from &&
    message.to === name.to
  );
}
