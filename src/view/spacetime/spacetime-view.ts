/** What the Space-Time panel draws, and what its page asks for: a run in columns, part by part. */

export interface SpacetimeView {
  /** The branch of the cursor, and below it the run that it is compared with. */
  lanes: LaneView[];
  /** Runs that can be drawn below: the other branches of the session. */
  branches: { number: number; parted: number; length: number }[];
  /**
   * The file of the scenario's counterpart, the broken twin of a story or its story; if the user
   * compares with another scenario, the file of that.
   */
  twin: string;
  /** Set if `twin` is a scenario that the user chose. */
  isChosen?: true;
  /** What the user has chosen to compare with. */
  compare: Comparand;
  /** The first step at which the lanes may differ; the steps before it are shared. */
  shared: number;
}

/** `twin`: shown once the adapter has run it, on the command `compare`. */
export type Comparand = { type: 'nothing' } | { type: 'branch'; number: number } | { type: 'twin' };

export interface LaneView {
  /** Names the lane in questions. Another run has another key, also after a reload. */
  key: string;
  /** The number of the branch; −1 if it belongs to the run of another scenario. */
  branch: number;
  title: string;
  nodes: { id: string; role: string }[];
  /** By node, whether it boots in step 0, which is an event of it then. */
  boots: boolean[];
  /** How many steps are recorded; those after the cursor's are the future. */
  length: number;
  /** The step of the debugger; −1 if it is on another run. */
  cursor: number;
}

export interface SpacetimeSelection {
  compare: Comparand;
}

export type SpacetimeQuestion =
  /** The steps from `from` on, at most `most`. `labels`: how many labels the page has. */
  | { type: 'steps'; lane: string; from: number; most: number; labels: number }
  /** What an event knows, and what knows it. */
  | { type: 'cone'; lane: string; step: number; node: number }
  | { type: 'event'; lane: string; step: number }
  /** The steps from `from` on, at most `most`, at which a CEL condition holds. */
  | { type: 'search'; lane: string; condition: string; from: number; most: number }
  /** The first difference of the two lanes, searched for in at most `most` steps from `from` on. */
  | { type: 'difference'; lanes: [string, string]; from: number; most: number };

export type SpacetimeAnswer =
  | StepsAnswer
  | ConeAnswer
  | EventAnswer
  | SearchAnswer
  | DifferenceAnswer
  /** There is no such lane any more: the debugger has moved on. */
  | { type: 'gone' };

/** What a step was, as numbers, so that 100,000 of them stay small. */
export const stepKinds = ['start', 'message', 'timer', 'operation', 'fault', 'other'] as const;
export type StepKind = (typeof stepKinds)[number];

export const outcomes = ['delivered', 'refused', 'lost', 'reset'] as const;
export type MessageOutcome = (typeof outcomes)[number];

export interface StepsAnswer {
  type: 'steps';
  from: number;
  /** One number per step: virtual time since the step before, the index of the node that acted or
   * −1, the index of its kind, and of its label. */
  times: number[];
  nodes: number[];
  kinds: number[];
  labels: number[];
  /** Messages that arrived or were lost in these steps, `messageFields` numbers for each. */
  messages: number[];
  /** Events that were reported, `eventFields` numbers for each. */
  events: number[];
  marks: Mark[];
  /** Labels that the page does not have yet. */
  texts: string[];
  /** Messages that are in flight at the end of what is recorded; set if this is the end. */
  flying?: number[];
}

/** step, from, to, step of sending, time of sending, time of arrival or loss, outcome, label */
export const messageFields = 8;
/** step, node, label */
export const eventFields = 3;
/** The most messages in flight that are drawn. */
export const flyingMost = 400;

/** What changed for a node, or for the whole cluster, and stays so until the next of its type. */
export type Mark = { step: number } & (
  /** Empty if it is running. */
  | { type: 'status'; node: number; text: string; off: boolean }
  | { type: 'standing'; node: number; text: string; tone: 'lead' | 'bid' | 'follow' | 'none' }
  /** The groups that reach each other; empty if nothing is cut. */
  | { type: 'cuts'; text: string }
  | { type: 'violated' | 'threw'; node: number; text: string }
);

export interface ConeAnswer {
  type: 'cone';
  step: number;
  node: number;
  lamport: number;
  /** By node, how many of its events the event knows, itself included. */
  past: number[];
  /** By node, the first step that knows the event; −1 if none does. */
  future: number[];
  counts: { past: number; future: number; concurrent: number };
}

export interface EventAnswer {
  type: 'event';
  step: number;
  command: string;
  sentence: string;
  events: string[];
  /** `n1.state.currentTerm: 1 → 2`; `more` are left out. */
  changes: string[];
  more: number;
  sent: string[];
  violations: string[];
}

export interface SearchAnswer {
  type: 'search';
  /** The first step that was not searched; all are once it exceeds the length of the lane. */
  next: number;
  steps: number[];
  /** How many steps had no value, and why the first had none. */
  failed: number;
  why?: string;
  /** Set if the condition cannot be compiled. */
  fault?: { message: string; start: number; end: number };
}

export type DifferenceAnswer =
  | { type: 'difference'; found: false; next: number }
  /** `step` is 0 if they differ from the start, −1 if they do not differ. */
  | { type: 'difference'; found: true; step: number; why: DifferenceReason };

/** `first` is the upper lane, `second` the lower. */
export type DifferenceReason =
  | { type: 'none' }
  | { type: 'nodes' }
  | { type: 'length'; shorter: 'first' | 'second' }
  | { type: 'action'; first: string; second: string }
  | {
      type: 'effects';
      kind: 'threw' | 'reported' | 'sent' | 'replied' | 'timers';
      action: string;
      first: string;
      second: string;
    };
