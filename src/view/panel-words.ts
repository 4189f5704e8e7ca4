/** Every word that the panels show: fixed labels, and sentences made of a view. */
import type {
  ActionView,
  ClockView,
  ClusterView,
  Ending,
  EnteredView,
  EventView,
  LogView,
  MessageView,
  Moment,
  NodeView,
  Outcome,
  SequenceItem,
  StopView,
  TimerView,
  VerdictView,
} from './contract.ts';
import type { PanelName } from './panels.ts';
import { durationText, timeText } from './words.ts';

export const labels = {
  // The moment's header.
  moment: 'Moment',
  step: 'Step',
  goToStep: 'Go to a step',
  running: 'Running …',
  // The cluster in words.
  nodes: 'Nodes',
  clock: 'clock',
  waiting: 'waiting',
  changed: 'changed',
  lastToAct: 'last to act',
  inFlight: 'In flight',
  messagesInFlight: 'Messages in flight',
  noMessages: 'No message is in flight.',
  next: 'next',
  justSent: 'just sent',
  deliverNow: 'Deliver now',
  // Logs.
  logs: 'Logs',
  logsByIndex: 'Logs by index',
  noEntries: 'No node has a log entry yet.',
  earlierEntry: 'earlier entry, not shown',
  committed: 'committed',
  notCommitted: 'not committed',
  applied: 'applied',
  lastCommitted: 'last committed',
  // The sequence diagram.
  copyAsMermaid: 'Copy as Mermaid',
  copied: 'copied',
  notCopied: 'could not be copied',
  diagram: 'Messages, oldest first',
  legend: 'Legend',
} as const;

/** What a panel says before the first stop. */
export const willShow: Readonly<Record<PanelName, string>> = {
  cluster:
    'The cluster appears here: each node with its role, term and log, messages in flight, ' +
    'partitions, crashed and paused nodes, and timers.',
  sequence:
    'The last messages of the run appear here as a sequence diagram, with events and faults as ' +
    'notes and the current step marked.',
};

/** How to get there. The file pattern and the key are set in type of their own. */
export const howToBegin = {
  open: 'Open a scenario',
  pattern: '*.scenario.yaml',
  press: 'in the editor and press',
  key: 'F5',
  then: 'The panel is drawn at each stop of the debugger.',
} as const;

// The moment

/** The first branch needs no name. */
export function branchName(branch: number): string {
  return branch === 0 ? '' : `branch ${branch}`;
}

export function stepCount({ steps, time }: Moment): string {
  return `of ${steps} · ${timeText(time)}`;
}

export function sliderPosition({ step, steps, time }: Moment): string {
  return `step ${step} of ${steps}, ${timeText(time)}`;
}

/** What an action did, and what it caused. */
export function actionSummary(action: ActionView): string {
  return [action.sentence, ...consequences(action)].join(' — ');
}

/** What follows the command of the last action: all that the command does not say. */
export function afterCommand({ action, entered }: Moment): string {
  if (entered) return ` · ${enteredText(entered)}`;
  if (!action.isCommandEnough) return ` · ${actionSummary(action)}`;
  return ['', ...consequences(action)].join(' — ');
}

function consequences({ events, failure, replies }: ActionView): string[] {
  return [
    ...(events.length > 0 ? [events.map(eventInWords).join('; ')] : []),
    ...(failure === undefined ? [] : [`its handler threw: ${failure}`]),
    ...replies.map(
      ({ operation, ok, result }) => `${operation} ${ok ? 'returns' : 'fails:'} ${result}`,
    ),
  ];
}

export function eventInWords({ name, fields }: EventView): string {
  return fields === '' ? name : `${name} ${fields}`;
}

export function enteredText({ position, sentence = 'all nodes boot' }: EnteredView): string {
  return `${position === 'inside' ? 'Inside' : 'Next'}: ${sentence}`;
}

/** Empty if the user asked for the stop and needs no reason. */
export function stopReason(stop: StopView): string {
  switch (stop.type) {
    case 'entry':
      return 'The start of the run';
    case 'end':
      return 'The end of the run';
    case 'pause':
      return 'Paused';
    case 'step':
    case 'goto':
      return '';
    case 'found':
      return stop.what;
  }
}

/** The moment as a screen reader announces it. */
export function spokenMoment({ step, steps, action, entered, stop }: Moment): string {
  const what = entered ? enteredText(entered) : actionSummary(action);
  const reason = stopReason(stop);
  return [`Step ${step} of ${steps}`, what, ...(reason === '' ? [] : [reason])].join('. ');
}

// The end of a run

/** `all 4 hold`, `1 violated, 3 hold`, `stopped early`. */
export function endingSummary({ stoppedEarly, verdicts, counts }: Ending): string {
  if (stoppedEarly) return 'stopped early';
  if (verdicts.length === 0) return 'the scenario has no expectations';
  const found = (['violated', 'holds', 'unknown'] as const).filter((type) => counts[type] > 0);
  const all = found.length === 1 && verdicts.length > 1 ? 'all ' : '';
  return all + found.map((type) => `${counts[type]} ${verdictWord(type, counts[type])}`).join(', ');
}

function verdictWord(type: VerdictView['type'], count: number): string {
  return type === 'holds' && count > 1 ? 'hold' : type;
}

export function ended(ending: Ending): string {
  return `Ended: ${endingSummary(ending)}`;
}

export function verdictLine({ type, subject, sentence }: VerdictView): string {
  const mark = { holds: '✓', violated: '✗', unknown: '?' }[type];
  return `${mark} ${subject}${sentence === '' ? '' : `: ${sentence}`}`;
}

export function spokenEnding(ending: Ending): string {
  return [ended(ending), ...ending.verdicts.map(verdictLine)].join('. ');
}

// Nodes

/** Its role, unless its name says it, and its standing. */
export function aboutNode({ id, role, standing }: NodeView): string[] {
  return [role === id ? '' : role, standing].filter((word) => word !== '');
}

/** The line below a node's name in the picture. */
export function nodeCaption(node: NodeView): string {
  const { id, role, status, standing, waiting } = node;
  if (status === 'crashed') return status;
  // A paused node still believes to be what it was.
  if (status === 'paused' && standing) return `${standing}, ${status}`;
  if (status === 'paused') return waiting > 0 ? `${status} · ${waiting}` : status;
  return standing || (role === id ? '' : role);
}

export function nodeInWords(node: NodeView): string {
  const { id, status, epoch, acted } = node;
  const words = [
    ...aboutNode(node),
    ...(epoch ? [epochText(epoch)] : []),
    ...(status === 'running' ? [] : [status]),
    ...(acted ? [labels.lastToAct] : []),
  ];
  return words.length === 0 ? id : `${id}: ${words.join(', ')}`;
}

export function epochText({ name, value }: NonNullable<NodeView['epoch']>): string {
  return `${name} ${value}`;
}

/** `+5ms, +200 ppm`; empty for a clock that is right. */
export function clockText({ offset, drift }: ClockView): string {
  const parts: string[] = [];
  const ppm = Math.round(drift * 1e6);
  if (offset !== 0) parts.push(`${sign(offset)}${durationText(Math.abs(offset))}`);
  if (ppm !== 0) parts.push(`${sign(ppm)}${Math.abs(ppm)} ppm`);
  return parts.join(', ');
}

function sign(number: number): string {
  return number > 0 ? '+' : '−';
}

export function waitingText(count: number): string {
  return `${count} until it resumes`;
}

export function timerText({ left }: TimerView): string {
  return `in ${durationText(left)}`;
}

// Messages and links

export function messageDetails({ fields, left }: MessageView): string {
  return [fields, `due in ${durationText(left)}`].filter((part) => part !== '').join(' · ');
}

export function deliverLabel({ type, from, to }: MessageView): string {
  return `${labels.deliverNow}: ${type} from ${from} to ${to}`;
}

export function markerTitle({ type, from, to, fields }: MessageView): string {
  const lines = [`${type}, ${from} → ${to}`, fields, 'Click to deliver now.'];
  return lines.filter((line) => line !== '').join('\n');
}

/** A link that is cut, in one direction or in both. */
export interface CutLink {
  from: string;
  to: string;
  bothWays: boolean;
}

export function cutTitle({ from, to, bothWays }: CutLink): string {
  return bothWays ? `${from} and ${to} cannot reach each other` : `${from} cannot reach ${to}`;
}

export function cutsInWords(links: readonly CutLink[]): string {
  const pairs = links.map(({ from, to, bothWays }) => `${from} ${bothWays ? '↔' : '→'} ${to}`);
  return `Cut links: ${pairs.join(', ')}.`;
}

/** The name of an island in the picture and in words: A, B, C … */
export function islandName(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + (index % 26));
}

export function islandsInWords(islands: ClusterView['islands']): string {
  const groups = islands.map((ids, index) => `${islandName(index)}: ${ids.join(', ')}`);
  return `The network is partitioned. ${groups.join(' – ')}.`;
}

// Logs

type LogEntry = LogView['entries'][number];

export function entryState({ committed, applied }: LogEntry): string {
  if (applied) return labels.applied;
  return committed ? labels.committed : labels.notCommitted;
}

export function entryTitle(entry: LogEntry): string {
  const { index, label, epoch } = entry;
  return `entry ${index}: ${label}, epoch ${epoch}, ${entryState(entry)}`;
}

/** What a screen reader adds to an entry. */
export function spokenEntry(entry: LogEntry): string {
  return entry.changed ? `${entryState(entry)}, ${labels.changed}` : entryState(entry);
}

// The sequence diagram

/** What follows the number of the step. */
export function sequencePosition(moment: Moment, phase: 'stopped' | 'running' | 'ended'): string {
  const state = { stopped: '', running: ' · running …', ended: ' · ended' }[phase];
  return `${stepCount(moment)}${state}`;
}

export function outcomeWord(outcome: Outcome): string {
  return outcome === 'in-flight' ? 'in flight' : outcome;
}

/** An item as a sentence, for tooltips and screen readers. */
export function itemInWords(item: SequenceItem): string {
  return `${itemSubject(item)}, step ${item.step}`;
}

function itemSubject(item: SequenceItem): string {
  switch (item.type) {
    case 'message':
      return `${item.label}, ${item.from} to ${item.to}, ${outcomeWord(item.outcome)}`;
    case 'event':
      return `${eventInWords(item)} at ${item.node}`;
    case 'operation':
    case 'fault':
      return item.text;
  }
}

export function itemTitle(item: SequenceItem): string {
  return `${itemInWords(item)}. Click to go to this step.`;
}

export function earlierActions(count: number): string {
  return `${count} earlier action${count === 1 ? '' : 's'} not drawn`;
}

/** `message` is Mermaid's own: several lines, of which the first says what is wrong. */
export function drawingFailed(message: string): string {
  const reason = message.split('\n')[0]!.trim().replace(/[.:]$/, '');
  return `The diagram could not be drawn: ${reason}. The previous one is shown below.`;
}
