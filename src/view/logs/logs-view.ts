/** What the Logs panel draws: a window of indexes, in all logs of the cluster. */
import type { NodeStatus } from '../../kernel/seam/moment.ts';

/** The logs from `from` to `to`; everything outside the window is only counted. */
export interface LogsView {
  /** The lowest first and the highest last index of all logs; `last` is below `first` if empty. */
  first: number;
  last: number;
  from: number;
  to: number;
  /** Logs that can be compared with each other share a group. */
  groups: LogGroup[];
}

export interface LogGroup {
  /** Such as `replica`, or `replica, group b` if the nodes of a role have several logs. */
  name: string;
  logs: NodeLog[];
  /** The indexes of the window at which the entries of some nodes differ. */
  conflicts: LogConflict[];
  elsewhere: LogsElsewhere;
  /**
   * What entries of a name, marks (`next`, `match`) and states (`committed`, `applied`) mean, as
   * the role explains them.
   */
  docs: Readonly<Record<string, string>>;
}

/** At which indexes outside of the window the entries of some nodes differ. */
export interface LogsElsewhere {
  /** How many there are before the window and after it, and the nearest of each. */
  before: number;
  after: number;
  previous?: number;
  next?: number;
  /** The first index that was searched: logs may reach further back. */
  searchedFrom: number;
}

export interface NodeLog {
  node: string;
  status: NodeStatus;
  standing: string;
  tone: 'lead' | 'bid' | 'follow' | 'none';
  epoch?: { name: string; value: number | string };
  /** The first index that it still has, and the last; `last` is `first - 1` if it is empty. */
  first: number;
  last: number;
  committed: number;
  /** Absent if the protocol applies no entries. */
  applied?: number;
  /** The window: one for each index; null where the log has none. */
  entries: (LogEntry | null)[];
  change: LogChange;
  /** What leaders believe of this log: a mark of each. */
  marks: LogMark[];
}

export interface LogEntry {
  epoch?: number | string;
  label: string;
  /** Whether the last step wrote it; `removed`: what was at this index before, and is gone. */
  changed: boolean;
  removed?: { epoch?: number | string; label: string };
  /** Whether there is nothing now: the last step removed what there was. */
  isGone: boolean;
}

/** What the last step did to a log; all of it is absent if that is nothing. */
export interface LogChange {
  /** Inclusive. */
  appended?: { from: number; to: number };
  removed?: { from: number; to: number };
  /** Entries before this index are gone, because a snapshot has them. */
  compacted?: number;
  committed?: { from: number; to: number };
  applied?: { from: number; to: number };
}

export interface LogMark {
  /** The node that believes it. */
  leader: string;
  next?: number;
  match?: number;
}

export interface LogConflict {
  index: number;
  /** The different entries, each with the nodes that have it. */
  entries: { nodes: string[]; epoch?: number | string; label: string; committed: boolean }[];
}

/** The indexes that the panel shows. `newest` moves with the end of the longest log. */
export type LogsSelection =
  | { type: 'newest'; count: number }
  | { type: 'from'; index: number; count: number };
