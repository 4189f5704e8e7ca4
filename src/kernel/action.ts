/** The one list of things that can happen; only `step` applies one. */
import type { Json, Micros, NodeId, Range } from '../protocol/types.ts';

/** Names a message: the `ordinal`-th on its link, and which copy of it. */
export interface MessageName {
  from: NodeId;
  to: NodeId;
  ordinal: number;
  copy: number;
}

/** What is changed about the network, everywhere or on the links named. */
export interface NetworkRule {
  /** Links from these nodes (all if absent) to those (all if absent). */
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
  /** The moment at which it happens; `step` never goes back in time for it. */
  at: Micros;
  /** The scenario step that asked for it, counted from 0; absent where nobody did. */
  step?: number;
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
      /** True where it was asked of a paused node, which does it now that it woke. */
      woken?: true;
    })
  | (Timed & { type: 'crash'; node: NodeId })
  | (Timed & { type: 'restart'; node: NodeId })
  | (Timed & { type: 'pause'; node: NodeId; for?: Micros })
  | (Timed & { type: 'resume'; node: NodeId })
  /** Cuts the links between the groups, both ways; a node in no group reaches all. */
  | (Timed & { type: 'partition'; groups: NodeId[][]; for?: Micros })
  /** Cuts one direction only. */
  | (Timed & { type: 'cut'; from: NodeId[]; to: NodeId[]; for?: Micros })
  /** Mends the links named, all of them if none are. */
  | (Timed & { type: 'heal'; from?: NodeId[]; to?: NodeId[] })
  | (Timed & { type: 'skew'; node: NodeId; offset?: Micros; jump?: Micros; drift?: number })
  | (Timed & { type: 'network'; rule: NetworkRule });

export type ActionType = Action['type'];

/** Whether both names are of the same copy of the same message. */
export function isNamed(message: MessageName, name: MessageName): boolean {
  return (
    message.ordinal === name.ordinal &&
    message.copy === name.copy &&
    message.from === name.from &&
    message.to === name.to
  );
}
