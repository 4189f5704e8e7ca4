/** The logs of nodes, and their entries, as the Logs panel reads them. */
import type { NodeMoment } from '../../kernel/seam/moment.ts';
import type { LogLookOf } from '../../protocol/look.ts';
import type { Json } from '../../protocol/types.ts';
import { entryLabel } from './entry-label.ts';

export type Log = LogLookOf<Json>;
export type RawEntry = ReturnType<Log['entry']>;

/** A node that has a log, with what the log was before the last step. */
export interface LogNode {
  readonly node: NodeMoment;
  readonly log: Log;
  /** Undefined if nothing is known of it, and the same object if the step did not change it. */
  readonly old: Log | undefined;
  readonly isUnchanged: boolean;
}

/** Undefined if the log has none; a hole in the log counts as none. */
export function entryAt(log: Log, index: number): RawEntry | undefined {
  if (index < log.first || index > log.last) return undefined;
  const entry = log.entry(index);
  return entry.gap === true ? undefined : entry;
}

export function shown({ epoch, value }: RawEntry): { epoch?: number | string; label: string } {
  return { ...(epoch !== undefined && { epoch }), label: entryLabel(value) };
}
