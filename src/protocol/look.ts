/** What a role shows of a node, in terms that fit any protocol. `Value` is plain data. */

/**
 * How panels, thread names and conditions show a node of a role. All of it is optional, and none of
 * it affects a run. What a node believes counts here, whether it is true or not.
 */
export interface LookOf<Value> {
  /** What the node is to its cluster, such as `leader`, `follower` or `holder`. */
  standing?: string;
  /** The color of the node: it leads, it is bidding to lead, it follows, or neither. */
  tone?: 'lead' | 'bid' | 'follow' | 'none';
  /**
   * The term, ballot or epoch that the node is in: `{ name: 'term', value: 3 }`. Of two nodes of
   * one standing, `the leader` in a command is the one with the higher value. In a string, numbers
   * are compared as numbers: `2.n3` is below `10.n1`.
   */
  epoch?: { name: string; value: number | string };
  /** The votes or promises that it has for its bid, and how many it needs. */
  votes?: { granted: number; needed: number };
  /** A replicated log. */
  log?: LogLookOf<Value>;
  /**
   * What this node holds other nodes to be, such as `suspect`, by the name of the node; true or
   * not. The `others` of its role say what these mean.
   */
  others?: Readonly<Record<string, string>>;
  /** What it may do for a limited time, such as reading as a leader; one or several. */
  lease?: LeaseLook | readonly LeaseLook[];
  /** Which client or node holds a lock, a lease or a role, as this node has it; one or several. */
  holder?: HolderLook | readonly HolderLook[];
  /**
   * Set if this node decides what `holder` says, such as a lock server, or has a copy of the
   * decision: what it does not mention is free. Without it, `holder` is what this node believes.
   */
  authority?: AuthorityLook;
  /** The interval in which the true time is, if the node knows how far its clock may be off. */
  interval?: IntervalLook;
  /** The value that it has chosen, accepted or stored. */
  value?: Value;
  /** The fencing token, or the number of the same purpose, that it issued or saw last. */
  token?: number;
  /** A few other values, each shown on a line of its own. */
  facts?: Record<string, Value>;
}

/** A log, of which panels read only the entries that they draw. */
export interface LogLookOf<Value> {
  /** Which log it is, if not all nodes of the role have the same: logs of one name are compared. */
  name?: string;
  /** The index of the first entry that the node still has, as the protocol counts. */
  first: number;
  /** The index of the last entry; `first - 1` if there is none. */
  last: number;
  /** The index of the last committed entry. */
  committed: number;
  /** The index of the last applied entry, if the protocol applies entries to a state machine. */
  applied?: number;
  /** On a leader, by node: how far it believes that the log of each other node is like its own. */
  peers?: Readonly<Record<string, LogPeerLook>>;
  /** Whether entries of one index are the same if their values are, whatever their epochs. */
  epochsMayDiffer?: boolean;
  /**
   * Returns the entry of an index from `first` to `last`; `gap` if the log has a hole there, of
   * which the value says so.
   */
  entry(index: number): { epoch?: number | string; value: Value; gap?: boolean };
}

/** What a leader knows of the log of another node. */
export interface LogPeerLook {
  /** The index of the next entry that it sends to that node, such as Raft's `nextIndex`. */
  next?: number;
  /** The index of the last entry that it knows to be stored there, such as `matchIndex`. */
  match?: number;
}

export type LeaseLook = TimedLease | LeaseByTimer;

interface LeaseName {
  /** Such as `leader lease`, or the name of the lock. */
  name: string;
  /** What is held until then, named as in `holder`; if this lease is the time of a holder. */
  of?: string;
}

/** A lease whose end is part of the state. */
export interface TimedLease extends LeaseName {
  /** When it ends, in microseconds on the node's own clock (`node.now()`). */
  until: number;
}

/** A lease that ends when a timer of the node fires. Without that timer, it is not shown. */
export interface LeaseByTimer extends LeaseName {
  /** The name of the timer, and its key if it has one. */
  timer: string;
  key?: string;
}

/** An interval around the node's own clock (`node.now()`), all in microseconds. */
export interface IntervalLook {
  /** Such as `TT.now()`. */
  name: string;
  /** How far the own clock is behind, as the node believes: the middle of the interval. */
  correction: number;
  /** Half the width of the interval when the own clock showed `at`. */
  uncertainty: number;
  at: number;
  /** By how much that half grows with each microsecond since then. */
  growth: number;
}

/** Panels show next to each other which node holds something and which nodes believe it. */
export interface HolderLook {
  /** What is held, such as the name of the lock. All nodes call it by the same name. */
  of: string;
  /** The holder, as the authority calls it: mostly the id of a node; `none` if it is free. */
  is: string;
  /** Whether this node believes that it holds it itself. */
  own?: boolean;
  /** The fencing token of this holder, or the number of the same purpose. */
  token?: number;
  /** Which nodes wait for it, in the order in which they get it. */
  next?: readonly string[];
  /** Whether others may hold it at the same time; each has an entry of its own. */
  shared?: boolean;
  /** If a quorum decides: how many nodes must name this holder. */
  needed?: number;
  /** How new this entry is, if that differs from the version of the authority. */
  version?: number;
}

export interface AuthorityLook {
  /** How new this copy of the decision is: of several, the one with the highest version counts. */
  version?: number;
}

/** A write that a node accepted or refused. */
export interface Admission {
  readonly accepted: boolean;
  /** Which node wrote. */
  readonly from: string;
  /** What it wrote, such as `x=1`. */
  readonly what?: string;
  /** The fencing token of the write, or the number of the same purpose; null if it had none. */
  readonly token?: number | null;
  /** Why it was refused, such as `token 33 is older than 34`. */
  readonly reason?: string;
}

/** Returns undefined for an event that says nothing of a write. */
export type Admits = (event: {
  readonly node: string; readonly name: string; readonly fields: { readonly [field: string]: any };
}) => Admission | undefined;
