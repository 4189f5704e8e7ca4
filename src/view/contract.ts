/** The typed messages between the panels, the extension that carries them, and the adapter. */
import type { HostStatus, NodeStatus } from '../kernel/seam/moment.ts';
import type { DataHit, EventHit, HandlerHit } from '../kernel/text/hit-text.ts';
import type { HolderLook } from '../protocol/look.ts';
import type { ActAnswer, ActQuestion } from './acts.ts';
import type { HistoryView } from './history/history-view.ts';
import type { LogsSelection, LogsView } from './logs/logs-view.ts';
import type { NarrationView } from './narration.ts';
import type { PanelName } from './panels.ts';
import type { RolesSelection, RolesView } from './roles/roles-view.ts';
import type {
  SpacetimeAnswer, SpacetimeQuestion, SpacetimeSelection, SpacetimeView,
} from './spacetime/spacetime-view.ts';

/** Virtual time in whole microseconds. */
export type Micros = number;

/** From the adapter, as the body of the DAP event `lockstep/view`. */
export type ViewEvent =
  /** Every view describes `moment`. Only open panels have one, at a stop all of them. */
  | { type: 'stopped'; moment: Moment; views: Partial<Views> }
  | { type: 'running'; scenario: string }
  | { type: 'ended'; scenario: string; ending: Ending };

/** What the extension passes on to one panel. */
export type PanelEvent<Name extends PanelName> =
  | { type: 'stopped'; moment: Moment; view: Views[Name] }
  | Exclude<ViewEvent, { type: 'stopped' }>
  /** What was shown is over, and nothing takes its place. The extension sends this. */
  | { type: 'cleared' };

/** To a panel that has asked: the answer, or why there is none. The extension sends this. */
export type PanelAnswer =
  | { type: 'answer'; number: number; answer: Answers[PanelName] }
  | { type: 'no answer'; number: number; why: string };

/** From a panel to the adapter, as the arguments of the DAP request `lockstep/panel`. */
export type PanelCommand =
  /** The panel is visible and wants the current view, and one at each stop. */
  | { type: 'ready'; panel: PanelName }
  /** The panel is closed or covered: its view need not be computed. The extension sends this. */
  | { type: 'hidden'; panel: PanelName }
  /** After which stops the client leaves the focus where it is. The extension sends this. */
  | { type: 'focus'; kept: FocusKept }
  /** Go to the moment after `step` actions of a branch, or of the current one. */
  | { type: 'goto'; step: number; branch?: number }
  /** Go there even if it is not recorded yet, by taking what comes next; breakpoints are passed. */
  | { type: 'run to'; step: number }
  /** Run the counterpart of the scenario to its end, so that panels can compare the two runs. */
  | { type: 'compare' }
  /** Take an action, in the command language; unless it is the next one, a branch begins. */
  | { type: 'take'; action: string }
  /** Do what this line does in the debug console, which shows it. */
  | { type: 'do'; command: string }
  /** Step over the next action, as the debugger's button does for the cluster. */
  | { type: 'step' }
  /** Go to where this step of the scenario began, or run there; breakpoints on the way are hit. */
  | { type: 'scenario step'; index: number }
  /** Show another part of what the panel is about: its views are of this part from now on. */
  | { type: 'select'; panel: PanelName; selection: Selections[PanelName] }
  /** The response of the request has the answer, as `Answered`. */
  | { type: 'ask'; panel: PanelName; question: Questions[PanelName] };

/** The body of the response to `ask`. */
export interface Answered<Name extends PanelName> {
  answer: Answers[Name];
}

/** From a panel to the extension, which passes commands on to the adapter. */
export type PanelMessage =
  | Exclude<PanelCommand, { type: 'ask' }>
  /** The page gets an `answer` with this number. */
  | { type: 'ask'; panel: PanelName; question: Questions[PanelName]; number: number }
  | { type: 'has focus'; hasFocus: boolean }
  /** The user wants a picture as a file: the extension asks for its place, and writes it. */
  | { type: 'save'; files: PictureFile[] }
  /** The answer to `heard?`: every change of the focus until then was reported before it. */
  | { type: 'heard' }
  /** The user has pressed a key that may open something outside the panel. */
  | { type: 'shortcut' };

/** A file of a picture, such as `cluster-step-12.svg`. The others stand beside the first. */
export interface PictureFile {
  name: string;
  content: { type: 'text'; text: string } | { type: 'base64'; bytes: string };
}

/** In which form a picture leaves a panel. */
export type PictureFormat = 'svg' | 'png' | 'mermaid' | 'markdown';

/** To a panel: export its picture, as its own menu does. The extension sends this. */
export interface ExportRequest {
  type: 'export';
  panel: PanelName;
  format: PictureFormat;
}

/**
 * `always`: a panel has the focus. `after commands`: only what is typed in the debug console or
 * clicked in a panel keeps it. A client that keeps the focus shows the stop's frame by itself.
 */
export type FocusKept = 'always' | 'after commands' | 'never';

export interface Views {
  cluster: ClusterView & { narration?: NarrationView };
  sequence: SequenceView;
  history: HistoryView;
  logs: LogsView;
  roles: RolesView;
  spacetime: SpacetimeView;
}

/** What a user can select to see in each panel: a window, nodes, a filter; null if nothing. */
export interface Selections {
  cluster: null;
  sequence: null;
  history: null;
  logs: LogsSelection;
  roles: RolesSelection;
  spacetime: SpacetimeSelection;
}

/** What a page can ask for beside its view; null if nothing. */
export interface Questions {
  cluster: ActQuestion;
  sequence: null;
  history: null;
  logs: null; roles: null;
  spacetime: SpacetimeQuestion;
}

export interface Answers {
  cluster: ActAnswer;
  sequence: null;
  history: null;
  logs: null; roles: null;
  spacetime: SpacetimeAnswer;
}

export interface Moment {
  /** The title of the scenario, and the name of its file. */
  title: string;
  scenario: string;
  /** 0 is the first branch. */
  branch: number;
  /** How many actions were taken, and how many the branch holds. */
  step: number;
  steps: number;
  time: Micros;
  /** The last action. */
  action: ActionView;
  /** The action, or boot of the nodes, that the debugger is in; absent between two actions. */
  entered?: EnteredView;
  stop: StopView;
}

/** An action, and what it caused. */
export interface ActionView {
  /** In the command language: `deliver n1->n3#4`; `start` if no action was taken yet. */
  command: string;
  /** What it did: `n3 receives AppendEntries from n1`. */
  sentence: string;
  /** Whether the command says all that the sentence does: `A lock x`, `A invokes lock x`. */
  isCommandEnough: boolean;
  events: EventView[];
  /** What the handler threw. */
  failure?: string;
  replies: { operation: string; ok: boolean; result: string }[];
}

export interface EventView {
  name: string;
  /** Its fields, or the summary that its protocol gives: `from 1 to 2`; empty if it has none. */
  fields: string;
}

/** An action of which no statement (`before`) or some statements (`inside`) were executed. */
export interface EnteredView {
  position: 'before' | 'inside';
  /** In the command language; `start` for the boot of the nodes. */
  command: string;
  /** What it does; undefined for the boot of the nodes. */
  sentence?: string;
}

/** Why the debugger stopped: what a user who looks at a panel needs to know of the reason. */
export type StopView =
  | { readonly type: 'start' | 'pause' | 'round over' }
  | { readonly type: 'end'; readonly ending: Ending }
  /** The user asked to stop here, or chose the action. */
  | { readonly type: 'step' | 'step back' | 'goto' | 'restarted' | 'taken' }
  | { readonly type: 'delivered' | 'lost'; readonly message: string }
  | { readonly type: 'answered'; readonly operation: string }
  /** The user left the branch of this number, and is where it parted. */
  | { readonly type: 'branch left'; readonly number: number }
  | { readonly type: 'reloaded'; readonly differsAt?: number }
  /** The action took longer than the time limit. */
  | { readonly type: 'endless'; readonly action: string }
  | { readonly type: 'internal error'; readonly message: string }
  | {
      readonly type: 'line';
      readonly file: string;
      readonly line: number;
      readonly node?: string;
    }
  | HandlerHit
  | EventHit
  | DataHit
  | {
      readonly type: 'violated';
      readonly property: 'invariant' | 'derived event' | 'expectation' | 'scenario step';
      readonly name: string;
      readonly why: string;
      /** Whether its own code threw. */
      readonly threw: boolean;
    }
  | { readonly type: 'thrown'; readonly node: string; readonly message: string }
  /** Undefined after the last line. */
  | { readonly type: 'scenario step'; readonly text: string | undefined };

/** How the run ended. */
export interface Ending {
  /** Nothing is judged then: there are no verdicts. */
  stoppedEarly: boolean;
  verdicts: VerdictView[];
  /** How many verdicts there are of each type. */
  counts: Record<VerdictView['type'], number>;
}

export interface VerdictView {
  type: 'holds' | 'violated' | 'unknown';
  /** The step, expectation or invariant that was judged: `no event LockLost`. */
  subject: string;
  /** Why it is violated or unknown, or holds without having been tested; empty if it holds. */
  sentence: string;
  /** How many actions had been taken when it was violated. */
  step?: number;
}

export interface ClusterView {
  nodes: NodeView[];
  /** In flight, in order of arrival. */
  messages: MessageView[];
  /** Links that are cut, one entry per direction. */
  cuts: { from: string; to: string }[];
  /** Groups of nodes that reach each other if a partition divides the cluster; otherwise empty. */
  islands: string[][];
}

export interface NodeView {
  id: string;
  role: string;
  status: NodeStatus;
  host: HostStatus;
  /** What it is to its cluster: `leader`, `follower`, `holder`; empty if the role does not say. */
  standing: string;
  /** How to paint the standing: it leads, it bids to lead, it follows, or none of these. */
  tone: 'lead' | 'bid' | 'follow' | 'none';
  /** Such as `term 3` or `ballot 7`; absent if the role has none. */
  epoch?: { name: string; value: number | string };
  /** Whether it took the last action. */
  acted: boolean;
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

/** One line about a node; `changed` by the last action. */
export type ShownView = { changed: boolean } & (
  | { type: 'votes'; granted: number; needed: number }
  /** Time on the node's own clock until it ends; negative if it has ended. */
  | { type: 'lease'; name: string; left: Micros }
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

/** Lamport time and vector clock: how many events of each node are known; those left out have 0. */
export interface LogicalClockView {
  lamport: number;
  vector: Record<string, number>;
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

export interface SequenceView {
  participants: Participant[];
  items: SequenceItem[];
  /** The node that took the last action: a timer's, for example, without an item of its own. */
  actor?: string;
  /** How many actions precede the items. */
  before: number;
  /** The diagram in Mermaid's language: the panel draws it, and its button copies it. */
  mermaid: string;
}

export interface Participant {
  id: string;
  /** What it is at this moment: `leader`, `term 2`. */
  about: string[];
}

export type SequenceItem = { step: number; current: boolean } & (
  | {
      type: 'message';
      id: string;
      from: string;
      to: string;
      label: string;
      /** All of its fields, as far as they fit into a tooltip. */
      fields: string;
      /** The step is that of its delivery or loss; while it is in flight, that of its sending. */
      outcome: Outcome;
      /** Its sender's when it left, and its receiver's when it arrived. */
      sentAt?: LogicalClockView;
      receivedAt?: LogicalClockView;
      /** Several alike that followed each other: how many, and the step of the first. */
      repeated?: { times: number; since: number };
    }
  | ({ type: 'event'; node: string; logicalClock?: LogicalClockView } & EventView)
  /** A client operation, or a fault: a crash, a cut link, a handler that threw. */
  | { type: 'operation' | 'fault'; nodes: string[]; text: string }
);

/** `reset`: its receiver's host does not know the connection, and answers with an RST. */
export type Outcome = 'delivered' | 'in-flight' | 'lost' | 'refused' | 'reset';
