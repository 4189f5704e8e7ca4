/** The disk of a node, as a world keeps it: how long an fsync takes, and the writes under way. */
import type { Json, Micros, NodeId, OperationId } from '../../protocol/types.ts';
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Message } from '../pending.ts';

/** What leaves a node. */
export type Output =
  | {
      readonly type: 'message';
      readonly to: NodeId | ConnectionId;
      readonly body: Message['body'];
    }
  | {
      readonly type: 'answer';
      readonly operation: OperationId;
      readonly ok: boolean;
      readonly result: Json;
    }
  | { readonly type: 'close'; readonly connection: ConnectionId }
  /** Not sent at all: a timer of the node that fires when the write is on disk. */
  | { readonly type: 'timer'; readonly timer: string; readonly key: string };

/** Durable fields on their way to the disk. */
export interface DiskWrite {
  readonly fields: Record<string, unknown>;
  readonly issuedAt: Micros;
  /** The step that wrote. */
  readonly cause: number;
  /** What leaves the node when the write is on disk, in its order. */
  readonly outputs: Output[];
  /** Whether it is on disk, and only its process, which is paused, does not know it. */
  isDone: boolean;
}

export interface Disk {
  /** How long an fsync takes. */
  slow: Micros;
  /** Until when no fsync completes; 0 if it is not stalled, `forever` if only a command ends it. */
  stalledUntil: Micros;
  /** When the last fsync completed: the disk does one after the other. */
  freeAt: Micros;
  /** The writes whose outputs have not left, oldest first. */
  writes: DiskWrite[];
}

/** Longer than any run. */
export const forever = Number.MAX_SAFE_INTEGER;

export const healthyDisk = (): Disk => ({ slow: 0, stalledUntil: 0, freeAt: 0, writes: [] });

export function copyDisk(disk: Disk): Disk {
  return { ...disk, writes: disk.writes.map((one) => ({ ...one, outputs: one.outputs.slice() })) };
}
