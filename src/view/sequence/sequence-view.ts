/** What the Sequence panel draws, what its user can choose, and what its page asks for. */
import type { Micros } from '../../protocol/types.ts';

export interface SequenceView {
  /** The nodes that are shown, from left to right. */
  participants: Participant[];
  /** In order: what happened, what is in flight, and the recorded steps after the cursor. */
  items: SequenceItem[];
  /** The node that took the last action: a timer's, for example, without an item of its own. */
  actor?: string;
  /** Set if there are too many nodes to show them all: only those of the nearest rows are. */
  isCrowd?: true;
  /** How many actions precede the items. */
  before: number;
  /** The diagram in Mermaid's language. */
  mermaid: string;
  /** The steps that were searched for the items, the first and the last. */
  covered: { branch: number; first: number; last: number };
  choices: SequenceChoices;
  /** What the user chose, without what does not exist in this run. */
  selection: SequenceSelection;
}

export interface Participant {
  id: string;
  /** What it is at this moment: `leader`, `term 2`. */
  about: string[];
}

/** What the user can choose from: all nodes of the run, and what the searched steps have. */
export interface SequenceChoices {
  nodes: string[];
  /** The types of messages, in alphabetical order. */
  messages: string[];
  /** The names of operations, in alphabetical order. */
  operations: string[];
  /** The operations that were invoked, oldest first. */
  requests: { id: string; text: string; step: number }[];
  /** How many messages are folded because they are heartbeats. */
  folded: number;
}

export interface SequenceSelection {
  /** How many rows of the past are drawn, at most. */
  rows: number;
  /** The first step of the window; null for the last steps before the cursor. */
  from: number | null;
  /** The nodes that are shown; null for all. */
  nodes: string[] | null;
  /** Types of messages, and names of operations, that are not shown. */
  hiddenMessages: string[];
  hiddenOperations: string[];
  heartbeats: 'folded' | 'shown';
  /** Only this is shown; null for everything. */
  cone: SequenceCone | null;
}

/**
 * `operation`: the steps between its invocation and its response by cause and effect,
 * and the messages that follow from it. `step`: all that a step may depend on or have influenced.
 */
export type SequenceCone =
  | { type: 'operation'; operation: string }
  | { type: 'step'; step: number };

/** The page needs rows that precede those it has. */
export interface SequenceQuestion {
  type: 'earlier';
  /** The first step that the page has. */
  before: number;
}

export interface SequenceAnswer {
  items: SequenceItem[];
  /** How many actions precede these items. */
  before: number;
  first: number;
}

export type SequenceItem = Occurrence &
  (MessageItem | EventItem | TimerItem | OperationItem | AnswerItem | FaultItem);

export interface Occurrence {
  step: number;
  /** The virtual time of its step; of a message in flight, when it arrives. */
  at: Micros;
  /** Whether its step is the last one that was taken, or the one that is being taken. */
  current: boolean;
  /** Set if the step follows the cursor: it was recorded before the user went back. */
  future?: true;
  /** Set if the session stopped because of it. */
  stop?: true;
  /** How many heartbeats are folded between the item before and this one; absent for none. */
  folded?: number;
}

/** Lamport time and vector clock: nodes that are left out have 0. */
export interface ItemClock {
  lamport: number;
  vector: Record<string, number>;
}

export interface MessageItem {
  type: 'message';
  id: string;
  from: string;
  to: string;
  messageType: string;
  label: string;
  /** All of its fields, as far as they fit into a tooltip. */
  fields: string;
  /** The step is that of its delivery or loss; while it is in flight, that of its sending. */
  outcome: Outcome;
  /** Its sender's when it left, and its receiver's when it arrived. */
  sentAt?: ItemClock;
  receivedAt?: ItemClock;
  /** The client operation that it follows from by messages alone; absent if there is none. */
  operation?: string;
  /** Several alike that followed each other: how many, and the step of the first. */
  repeated?: { times: number; since: number };
}

export interface EventItem {
  type: 'event';
  node: string;
  name: string;
  /** Its fields, or the summary that its protocol gives; empty if it has none. */
  fields: string;
  logicalClock?: ItemClock;
  /** Set if the session stopped right before the statement that reports it. */
  pending?: true;
}

/** A timer that fires. */
export interface TimerItem {
  type: 'timer';
  node: string;
  timer: string;
}

/** A client operation; `operation` is its id, absent if its node did not accept it. */
export interface OperationItem {
  type: 'operation';
  nodes: string[];
  operation?: string;
  text: string;
}

/** The response to a client operation. */
export interface AnswerItem {
  type: 'answer';
  node: string;
  operation: string;
  ok: boolean;
  /** The name of the operation, if its invocation is known, and the result. */
  text: string;
}

/** A crash, a cut link, a handler that threw. */
export interface FaultItem {
  type: 'fault';
  nodes: string[];
  text: string;
}

/** `reset`: its receiver's host does not know the connection, and answers with an RST. */
export type Outcome = 'delivered' | 'in-flight' | 'lost' | 'refused' | 'reset';

export const defaultSelection: SequenceSelection = {
  rows: 40,
  from: null,
  nodes: null,
  hiddenMessages: [],
  hiddenOperations: [],
  heartbeats: 'folded',
  cone: null,
};
