/** Gossip, as types: its messages, events and settings. */
import type { Json, Micros, NodeId } from '../../../protocol/types.ts';
import type { Versions } from '../data/sessions.ts';
import type { Cell, Update } from './cells.ts';

/** Key → what a server stores of it. */
export type Cells = Record<string, Cell>;

export interface GossipMessages {
  /** All that the sender has. */
  Gossip: { cells: Cells };
  /** What the sender of `Gossip` lacked. */
  GossipBack: { cells: Cells };
}

export interface GossipOptions {
  gossipInterval: Micros;
  type: string;
  conflict: string;
}

export interface GossipEvents {
  Updated: { by: NodeId; number: number; key: string; does: Update; time: Micros; value: Json };
  Merged: { key: string; from: NodeId; vector: Versions; value: Json };
  SiblingsKept: { key: string; values: Json };
}

export const gossipEvents: Record<keyof GossipEvents | 'WriteLost', string> = {
  Updated: 'A server executed an update of a client on its own copy.',
  Merged: 'A server merged its copy of a key with another one, which had updates that it lacked.',
  SiblingsKept: 'A server has more than one value of a key, because their writes are concurrent.',
  WriteLost: 'A write that no other write had read is gone: another one has a later wall time.',
};
