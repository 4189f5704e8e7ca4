/** What the Cluster panel draws: nodes, what is between them, and how the network is divided. */
import type { HostStatus, NodeStatus } from '../../kernel/seam/moment.ts';
import type { HolderLook } from '../../protocol/look.ts';
import type { Micros } from '../../protocol/types.ts';
import type { LogicalClockView } from '../logical-clock-view.ts';

export interface ClusterView {
  nodes: NodeView[];
  /** In flight, in order of arrival; how many more there are is in `unseen`. */
  messages: MessageView[];
  unseen: number;
  /** The message that the last action delivered. */
  arrived?: MessageView;
  /** The messages that the last action lost. */
  lost: LostView[];
  /** One entry per pair of nodes that has a connection. */
  connections: ConnectionView[];
  /** Links that are cut, one entry per direction. */
  cuts: { from: string; to: string }[];
  /** Groups of nodes that reach each other if a partition divides the cluster; otherwise empty. */
  islands: string[][];
  /** What the epochs of nodes are, as their roles explain them; each once. */
  epochs: { name: string; doc: string }[];
  /** The roles of the nodes, as the protocol explains them. */
  roles: RoleView[];
  /** What the events of the last action mean, as the protocol describes them. */
  meanings: { event: string; doc: string }[];
}

/** What a role is, and what its picture shows; a `doc` is empty if the protocol has none. */
export interface RoleView {
  name: string;
  doc: string;
  /** What its nodes can be, without what the options of the scenario exclude. */
  standings: { name: string; doc: string }[];
  /** What the values of its nodes mean, by their names: those that a protocol explains. */
  values: Readonly<Record<string, string>>;
}

export interface NodeView {
  id: string;
  role: string;
  /** Where it is drawn: on the ring of those that do the same work, or at a side of that. */
  area: 'peers' | 'clients' | 'services';
  status: NodeStatus;
  host: HostStatus;
  /** What it is to its cluster: `leader`, `follower`, `holder`; empty if the role does not say. */
  standing: string;
  /** How to paint the standing: it leads, it bids to lead, it follows, or none of these. */
  tone: 'lead' | 'bid' | 'follow' | 'none';
  /** `out` if its standing is unusual: all nodes of a role that lead are nothing to look for. */
  stands: 'in' | 'out';
  /** Such as `term 3` or `ballot 7`; absent if the role has none. */
  epoch?: { name: string; value: number | string };
  /** Whether it took the last action. */
  acted: boolean;
  /** How the last action changed its status, standing and epoch. */
  changes: NodeChange[];
  /** The locks and roles that it holds, or believes to hold. */
  holds: HoldView[];
  /** Its votes, leases, holders, interval, value and token, as far as its role shows them. */
  shown: ShownView[];
  /** Other values that its role shows; `changed` by the last action. */
  facts: { name: string; value: string; changed: boolean }[];
  log?: LogView;
  timers: TimerView[];
  clock: ClockView;
  /** That of its last event; absent if it had none. */
  logicalClock?: LogicalClockView;
  /** How many messages and timers wait for it while it is paused. */
  waiting: number;
  /** Absent if its writes reach the disk at once. */
  disk?: DiskView;
}

export interface NodeChange {
  type: 'status' | 'standing' | 'epoch';
  /** Empty if it had or has none. */
  from: string;
  to: string;
}

export interface HoldView {
  /** What is held, such as the name of a lock. */
  of: string;
  /** Whether that is a standing, such as `leader`. */
  isRole: boolean;
  /**
   * `holds`: it does, and believes it. `believes`: it does not, but believes it. `granted`: it
   * does, and does not know it yet.
   */
  belief: 'holds' | 'believes' | 'granted';
  changed: boolean;
}

/** One line about a node; `changed` by the last action. */
export type ShownView = { changed: boolean } & (
  | { type: 'votes'; granted: number; needed: number }
  /**
   * Time on the node's own clock until it ends; negative if it has ended. `span` is the longest
   * time that it was seen to have left.
   */
  | { type: 'lease'; name: string; left: Micros; span: Micros }
  /** `own`: the node believes that it holds it; `decides`: what it says is decided by it. */
  | ({ type: 'holder'; decides: boolean } & Omit<HolderLook, 'needed' | 'version'>)
  /** When the true time is, as the node's clock tells it; half of its width is `uncertainty`. */
  | { type: 'interval'; name: string; earliest: Micros; latest: Micros; uncertainty: Micros }
  | { type: 'value'; value: string }
  | { type: 'token'; token: number }
);

/** A disk that is slow or stalled. */
export interface DiskView {
  stalled: boolean;
  /** How long an fsync takes. */
  slow: Micros;
  /** How many writes wait for it. */
  writes: number;
}

/** How its wall clock differs from virtual time. */
export interface ClockView {
  offset: Micros;
  /** How fast it gains: 0.0002 is 200 ppm. */
  drift: number;
}

export interface LogView {
  /** The last entries. Indexes are the protocol's own: Raft counts from 1. */
  entries: {
    index: number;
    epoch?: number | string;
    label: string;
    committed: boolean;
    applied: boolean;
    changed: boolean;
  }[];
  /** How many entries precede these. */
  before: number;
  /** The index of the last committed entry. */
  committed: number;
  /** Whether entries are applied, so that an entry can be known not to be. */
  applies: boolean;
}

export interface TimerView {
  name: string;
  /** Time until it fires, and the whole span for which it was set. */
  left: Micros;
  span: Micros;
}

export interface MessageView {
  /** Names the message in commands: `n1->n3#4`. */
  id: string;
  from: string;
  to: string;
  type: string;
  /** Its summary: `term 2, 1 entry after 3`. */
  details: string;
  /** All of its fields, as far as they fit into a tooltip. */
  fields: string;
  /** Whether the protocol calls it a refusal: a vote denied, a write fenced off. */
  refusal: boolean;
  /** 0 when just sent, 1 when due. */
  progress: number;
  /** Time until it arrives. */
  left: Micros;
  /** Whether it is what happens next. */
  next: boolean;
  /** Whether the last action sent it. */
  fresh: boolean;
  /** What it carries: its sender's when it left. */
  logicalClock?: LogicalClockView;
}

export interface LostView extends MessageView {
  /** Whether its receiver's host refused it with an RST. */
  refused: boolean;
  /** Time until its connection sends it again; absent if it does not. */
  again?: Micros;
}

/** Both ends of what is, was or becomes a connection. */
export interface ConnectionView {
  /** In the order of their names. */
  nodes: [string, string];
  /** `half-open`: only one host knows it. */
  state: 'open' | 'opening' | 'half-open' | 'closing';
  /** The nodes whose hosts know it. */
  knownBy: string[];
  /** What waits to be sent again, at which end, and in what time. */
  waiting: { at: string; count: number; left: Micros }[];
}
