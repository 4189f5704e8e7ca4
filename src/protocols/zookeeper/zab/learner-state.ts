/** What a follower or an observer keeps of its leader (Learner). */
import type { ConnectionId } from '../../../protocol/connection.ts';
import type { NodeId } from '../../../protocol/types.ts';
import type { Transaction } from './packets.ts';

export interface Following {
  readonly leader: NodeId;
  /** Empty while it waits to connect. */
  connection: ConnectionId;
  /** How often it has tried to connect. */
  attempts: number;
  /** What it has had from the leader. */
  phase: 'connecting' | 'registered' | 'synchronizing' | 'acknowledged' | 'serving';
  epoch: number;
  /** Whether what is committed changes the tree at once: after SNAP, until NEWLEADER. */
  appliesAtOnce: boolean;
  /** While it synchronizes: what it has neither logged nor executed. */
  packetsNotCommitted: Transaction[];
  packetsCommitted: number[];
  /** Logged and not committed. */
  pending: Transaction[];
  /** Sessions that it has asked the leader about: session → the connection of the client. */
  revalidations: Record<string, ConnectionId>;
}
