/** A bank whose branches take a snapshot of all money, some of which is on its way: as types. */
import type { Micros, NodeId, OperationId, Role } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { heldBack, numbered, type NumberedLinks } from '../shared/numbered-links.ts';

interface Messages {
  Transfer: { amount: number; number: number };
  Marker: { snapshot: string; number: number };
}

export type AnyMessage =
  | { readonly type: 'Transfer'; readonly amount: number; readonly number: number }
  | { readonly type: 'Marker'; readonly snapshot: string; readonly number: number };

/** What a branch contributes to a snapshot. */
export interface Recording {
  readonly balance: number;
  /** Sender → the amounts that were on their way from it. */
  channels: Record<NodeId, number[]>;
  /** The senders whose marker has not come: what arrives from them is recorded. */
  open: NodeId[];
}

export interface BranchState {
  balance: number;
  /** Snapshot → what this branch recorded. */
  recordings: Record<string, Recording>;
  /** The snapshots that this branch began: who is missing, the sum so far, and the operation. */
  begun: Record<string, { missing: NodeId[]; sum: number; operation: OperationId }>;
  /** How many snapshots it has begun. */
  count: number;
  links: NumberedLinks<AnyMessage>;
}

export interface Branch {
  state: BranchState;
  receives: Messages & { Recorded: { snapshot: string; sum: number } };
  sends: Messages & { Recorded: { snapshot: string; sum: number } };
  timers: { markers: string };
  events: {
    TransferSent: { to: NodeId; number: number; amount: number };
    TransferReceived: { from: NodeId; number: number; amount: number };
    StateRecorded: { snapshot: string; balance: number };
    ChannelRecorded: { snapshot: string; from: NodeId; amounts: readonly number[] };
    SnapshotTaken: { snapshot: string; sum: number };
    MessageHeldBack: { from: NodeId; number: number };
  };
  options: { balance: number; numbered: boolean; markerDelay: Micros };
}

export const options: NonNullable<Role<Branch>['options']> = {
  balance: {
    kind: 'integer', default: 100, min: 0, max: 1_000_000_000,
    doc: 'The money of the branch at first; sums of more would not be exact.',
  },
  numbered,
  markerDelay: {
    kind: 'duration', default: 0, min: 0, max: seconds(60),
    doc: 'How long after its state a branch sends its markers; the algorithm demands 0.',
  },
};

export const events: Record<keyof Branch['events'] | 'MoneyMiscounted', string> = {
  TransferSent: 'A branch sent money: it is in no branch until it arrives.',
  TransferReceived: 'Money arrived at a branch.',
  StateRecorded: 'A branch recorded its balance, and sends markers on all its channels.',
  ChannelRecorded: 'A marker came: what arrived on its channel since is what was on its way.',
  SnapshotTaken: 'All branches have recorded; `sum` is the money in the snapshot.',
  MessageHeldBack: heldBack,
  MoneyMiscounted: 'The money in a snapshot is not the money that there is.',
};
