/** The typed messages between the panels, the extension that carries them, and the adapter. */
import type { DataHit, EventHit, HandlerHit } from '../kernel/text/hit-text.ts';
import type { ActAnswer, ActQuestion } from './act-view.ts';
import type { ClusterView } from './cluster/cluster-view.ts';
import type { ExportRequest, PictureFile } from './export/picture-file.ts';
import type { HistoryView } from './history/history-view.ts';
import type { LogsSelection, LogsView } from './logs/logs-view.ts';
import type { LocksSelection, LocksView } from './locks/locks-view.ts';
import type { NarrationView } from './narration.ts';
import type { PanelName } from './panels.ts';
import type {
  SequenceAnswer, SequenceQuestion, SequenceSelection, SequenceView,
} from './sequence/sequence-view.ts';
import type {
  SpacetimeAnswer, SpacetimeQuestion, SpacetimeSelection, SpacetimeView,
} from './spacetime/spacetime-view.ts';
import type { RolesSelection, RolesView } from './roles/roles-view.ts';

/** Virtual time in whole microseconds. */
export type Micros = number;

/** From the adapter, as the body of the DAP event `lockstep/view`. */
export type ViewEvent =
  /** Every view describes `moment`. Only open panels have one, at a stop all of them. */
  | { type: 'stopped'; moment: Moment; views: Partial<Views> }
  | { type: 'running'; scenario: string }
  | { type: 'ended'; scenario: string; ending: Ending }
  /** At a stop: why the views of these panels could not be computed. */
  | { type: 'failed'; failures: Partial<Record<PanelName, string>> };

/** What the extension passes on to one panel. */
export type PanelEvent<Name extends PanelName> =
  | { type: 'stopped'; moment: Moment; view: Views[Name] }
  | Exclude<ViewEvent, { type: 'stopped' | 'failed' }>
  /** The session is stopped, but the view of this panel could not be computed. */
  | { type: 'failed'; why: string }
  /** A session begins, or ended before it showed anything. The extension sends this. */
  | { type: 'loading'; isOver: boolean }
  /** The answer to a page that has just opened: whether a session will show something. */
  | { type: 'opened'; hasSession: boolean }
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
  /**
   * Run another scenario to its end, so that panels can compare the two runs: that of `program`,
   * or without it the counterpart of the scenario.
   */
  | { type: 'compare'; program?: string }
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

/** From the extension to a page, about the page itself. */
export type PageEvent =
  | PanelEvent<PanelName>
  | PanelAnswer
  /** Asks for `heard`. */
  | { type: 'heard?' }
  /** The user's command: pins the page to the moment that it shows, or lets it follow again. */
  | { type: 'pin or follow' }
  /** The user's command: plays the session in this page, at this speed, or pauses that. */
  | { type: 'play or pause'; speed?: number }
  /** The user's choice, in whatever page it was made. */
  | { type: 'speed'; speed: number }
  | ExportRequest;

/** What the toolbar of a presented panel does: the same as the debug toolbar. */
export type PresentedMotion = 'step back' | 'step' | 'continue';

/** From a panel to the extension, which passes commands on to the adapter. */
export type PanelMessage =
  | Exclude<PanelCommand, { type: 'ask' }>
  /** The page gets an `answer` with this number. */
  | { type: 'ask'; panel: PanelName; question: Questions[PanelName]; number: number }
  | { type: 'has focus'; hasFocus: boolean }
  /** Whether the page is pinned: sent when that changes, and when a pinned page is loaded. */
  | { type: 'pinned'; isPinned: boolean }
  /** The page has begun to play the session, or no longer does. */
  | { type: 'playing'; isPlaying: boolean }
  /** The user has chosen how fast the session is played. */
  | { type: 'speed'; speed: number }
  /** The user wants a picture as a file: the extension asks for its place, and writes it. */
  | { type: 'save'; files: PictureFile[] }
  /** The answer to `heard?`: every change of the focus until then was reported before it. */
  | { type: 'heard' }
  /** The user has pressed a key that may open something outside the panel. */
  | { type: 'shortcut' }
  /** The page could not load its script, so it does nothing else. */
  | { type: 'not loaded' }
  | { type: 'move'; motion: PresentedMotion }
  | { type: 'end presentation' };

/**
 * `always`: a panel has the focus. `after commands`: only what is typed in the debug console or
 * clicked in a panel keeps it. A client that keeps the focus shows the stop's frame by itself.
 */
export type FocusKept = 'always' | 'after commands' | 'never';

export interface Views {
  cluster: ClusterView & { narration?: NarrationView };
  sequence: SequenceView;
  history: HistoryView;
  spacetime: SpacetimeView;
  logs: LogsView;
  roles: RolesView;
  locks: LocksView;
}

/** What a user can select to see in each panel: a window, nodes, a filter; null if nothing. */
export interface Selections {
  cluster: null;
  sequence: SequenceSelection;
  history: null;
  spacetime: SpacetimeSelection;
  logs: LogsSelection;
  roles: RolesSelection;
  locks: LocksSelection;
}

/** What a page can ask for beside its view; null if nothing. */
export interface Questions {
  cluster: ActQuestion;
  sequence: SequenceQuestion;
  history: null;
  spacetime: SpacetimeQuestion;
  logs: null;
  roles: null;
  locks: null;
}

export interface Answers {
  cluster: ActAnswer;
  sequence: SequenceAnswer;
  history: null;
  spacetime: SpacetimeAnswer;
  logs: null;
  roles: null;
  locks: null;
}

/** What a page shows: a stop, or why it shows none. */
export type PhaseName =
  'empty' | 'opening' | 'loading' | 'stopped' | 'running' | 'ended' | 'failed';

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

/** How a run ends that a search found: only the end of a run shows some promises. */
export type FoundEnd = 'broken' | 'broken at its end' | 'reached';

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
  /** A run that a search found was opened, one action before its end. */
  | { readonly type: 'found'; readonly promise: string; readonly ends: FoundEnd }
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

