/** The state, messages, events and options of a client. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Json, Micros, NodeId, OperationId } from '../../protocol/types.ts';
import type { Results, Statements } from './state.ts';

export interface Pending {
  readonly statement: number;
  readonly operation: OperationId;
  readonly key: string;
  /** The value that it writes; undefined for a read. */
  readonly value?: Json;
  /** The only member that it is for; null for the primary. */
  readonly at: NodeId | null;
  /** The member to which it was sent last. */
  to: NodeId | null;
  /** Where it was sent; '' while it waits to be sent again. */
  connection: ConnectionId;
}

export interface Client {
  state: {
    /** The member that it believes to be the primary. */
    address: NodeId | null;
    /** The number of the last statement. It survives a crash, so that each names one write. */
    statement: number;
    pending: Pending[];
  };
  receives: Results;
  sends: Statements;
  timers: { timeout: number; again: number };
  events: {
    AddressChanged: { from: NodeId; to: NodeId };
    OutcomeUnknown: { key: string; how: string };
  };
  options: { address: NodeId | null; timeout: Micros; retryAfter: Micros };
}
