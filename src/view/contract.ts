/** The typed messages between the panels, the extension that carries them, and the adapter. */

/** A moment in virtual time, in whole microseconds since the start of the run. */
export type Micros = number;

/** What the adapter sends to the panels, as the body of the DAP event `lockstep/view`. */
export type ViewEvent =
  | { type: 'stopped'; view: View }
  | { type: 'running'; scenario: string }
  | { type: 'ended'; scenario: string; verdict: string };

/** What a panel sends to the adapter, as the arguments of the DAP request `lockstep/panel`. */
export type PanelCommand =
  /** The panel has (re)appeared and wants the current view. */
  | { type: 'ready' }
  /** Go to the moment after `step` actions of the current branch. */
  | { type: 'goto'; step: number }
  /**
   * Take an action that is possible now, by its text (makes a branch if it was not the next one).
   */
  | { type: 'take'; action: string };

/** All that the panels draw at one stop. */
export interface View {
  moment: Moment;
  cluster: ClusterView;
  sequence: SequenceView;
}

export interface Moment {
  /** The scenario's title and its file. */
  title: string;
  scenario: string;
  /** How many actions have been taken, and how many the branch holds. */
  step: number;
  steps: number;
  time: Micros;
  /** The time as people read it: `1.204 s`. */
  timeText: string;
  /** The last action taken, in the command language, and one sentence of what it did. */
  action: string;
  summary: string;
  /** Why the debugger stopped here, in words. */
  reason: string;
  /** The branch's name; empty on the first one. */
  branch: string;
}

export interface ClusterView {
  nodes: NodeView[];
  /** In flight, in the order in which they will arrive. */
  messages: MessageView[];
  /** Links that are cut, one entry a direction. */
  cuts: { from: string; to: string }[];
  /** Groups of nodes that reach each other, where a partition divides the cluster; else empty. */
  islands: string[][];
}

export interface NodeView {
  id: string;
  role: string;
  status: 'up' | 'crashed' | 'paused';
  /**
   * What the node is to its cluster: `leader`, `candidate`, `follower`, `holder`; empty if the role
   * has none.
   */
  standing: string;
  /**
   * How to paint the standing: the one in charge, one that wants to be, one that follows, or none
   * of these.
   */
  tone: 'lead' | 'bid' | 'follow' | 'none';
  /** The epoch and its name: `term 3`, `ballot 7`; absent if the role has none. */
  epoch?: { name: string; value: number };
  /** The node that took the last action. */
  acted: boolean;
  /** A few values that matter, those that the last action changed marked. */
  facts: { name: string; value: string; changed: boolean }[];
  log?: LogView;
  timers: TimerView[];
  /**
   * How far the local clock is off, as people read it: `+5ms, +200 ppm`; empty when it is right.
   */
  clock: string;
  /** Messages and timers that wait for a paused node. */
  waiting: number;
}

export interface LogView {
  /** A window of the log's end; indexes are the protocol's own (Raft counts from 1). */
  entries: {
    index: number;
    epoch: number;
    label: string;
    committed: boolean;
    applied: boolean;
    changed: boolean;
  }[];
  /** How many entries stand before the window. */
  before: number;
  /** The index of the last committed entry. */
  committed: number;
}

export interface TimerView {
  name: string;
  /** Time until it fires, and the whole span for which it was set. */
  left: Micros;
  span: Micros;
  leftText: string;
}

export interface MessageView {
  /** Names the message in commands: `n1->n3#4`. */
  id: string;
  from: string;
  to: string;
  type: string;
  /** Its fields in a few words: `term 2, entries 1`. */
  summary: string;
  /** 0 when just sent, 1 when due. */
  progress: number;
  leftText: string;
  /** The next to be delivered in the cluster. */
  next: boolean;
  /** Sent by the last action. */
  fresh: boolean;
}

export interface SequenceView {
  participants: { id: string; label: string }[];
  items: SequenceItem[];
  /** How many actions were taken before this window. */
  before: number;
  /** The same as text for Mermaid: what the panel draws and what *copy* copies. */
  mermaid: string;
}

export type SequenceItem =
  | {
      type: 'message';
      id: string;
      from: string;
      to: string;
      label: string;
      outcome: 'delivered' | 'in flight' | 'lost' | 'refused';
      /** The moment of delivery or loss; of sending while it is in flight. */
      step: number;
      current: boolean;
    }
  | { type: 'event'; node: string; name: string; text: string; step: number; current: boolean }
  /** What was asked of a client, and what went wrong or was made to. */
  | {
      type: 'operation' | 'fault';
      nodes: string[];
      text: string;
      step: number;
      current: boolean;
    };
