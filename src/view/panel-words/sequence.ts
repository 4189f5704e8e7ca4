/** The words of the Sequence panel: items, outcomes, and what became of a drawing. */
import { timeText } from '../../kernel/text/duration.ts';
import type { Micros, Moment, PhaseName } from '../contract.ts';
import type { GapRow } from '../sequence/rows.ts';
import type {
  EventItem, Outcome, SequenceChoices, SequenceItem, SequenceSelection, SequenceView,
} from '../sequence/sequence-view.ts';
import { logicalClockText } from './moment.ts';
import { eventInWords, stepCount } from './moment.ts';

export const labels = {
  copyAsMermaid: 'Copy as Mermaid',
  copied: 'copied',
  notCopied: 'could not be copied',
  diagram: 'Messages, oldest first',
  legend: 'Legend',
  filter: 'Filter',
  filters: 'What is shown',
  rows: 'Rows',
  from: 'From step',
  latest: 'latest',
  nodes: 'Nodes',
  messages: 'Messages',
  operations: 'Operations',
  request: 'Only one request',
  everything: 'everything',
  heartbeats: 'Fold heartbeats and handshakes',
  reset: 'Show everything',
  keys: 'Keys on a row: Enter goes to its step, C shows only its causes and effects, Esc all.',
  /** The line between what happened and the recorded steps that follow. */
  now: 'now',
} as const;

export const legendWords = {
  operation: 'an operation, until its response',
  event: 'event',
  fault: 'fault',
  band: 'one action',
  current: 'the last action',
  stop: 'why it stopped',
  future: 'recorded, not taken now',
} as const;

/** What follows the name of the step. */
export function sequencePosition(
  moment: Moment,
  phase: PhaseName,
): string {
  const state = phase === 'running' ? ' · running …' : phase === 'ended' ? ' · ended' : '';
  return `${stepCount(moment)}${state}`;
}

export function outcomeWord(outcome: Outcome): string {
  if (outcome === 'reset') return 'refused: connection reset';
  return outcome === 'in-flight' ? 'in flight' : outcome;
}

/** An item as a sentence, for tooltips and screen readers. */
export function itemInWords(item: SequenceItem): string {
  const repeated = item.type === 'message' ? item.repeated : undefined;
  const steps =
    repeated === undefined
      ? `step ${item.step}`
      : `${repeated.times} times, steps ${repeated.since} to ${item.step}`;
  const future = item.future ? ', not taken now' : '';
  return `${itemSubject(item)}, ${steps}${future}`;
}

function itemSubject(item: SequenceItem): string {
  switch (item.type) {
    case 'message':
      return `${item.label}, ${item.from} to ${item.to}, ${outcomeWord(item.outcome)}`;
    case 'event':
      return `${eventInWords(item)} at ${item.node}${item.pending ? ', about to be reported' : ''}`;
    case 'timer':
      return `${item.timer} timer of ${item.node} fires`;
    case 'answer':
      return `${item.node}, operation ${answerText(item)}`;
    case 'operation':
    case 'fault':
      return item.text;
  }
}

/** What stands in the note of an item. */
export function itemLabel(item: SequenceItem): string {
  switch (item.type) {
    case 'message':
      return item.label;
    case 'event':
      return eventLabel(item);
    case 'timer':
      return `${item.timer} timer fires`;
    case 'answer':
      return answerText(item);
    case 'operation':
      // The note stands at the node.
      return withoutSubject(item.text, item.nodes[0]!);
    case 'fault':
      return item.text;
  }
}

/** The shortest label of an item, if its note has no room for more. */
export function shortLabel(item: SequenceItem): string {
  return item.type === 'event' ? item.name : itemLabel(item);
}

function withoutSubject(sentence: string, node: string): string {
  return sentence.startsWith(`${node} `) ? sentence.slice(node.length + 1) : sentence;
}

function eventLabel({ name, fields }: EventItem): string {
  return fields === '' ? name : `${name} ${fields}`;
}

function answerText({ ok, text }: { ok: boolean; text: string }): string {
  return ok ? `answered: ${text}` : `failed: ${text}`;
}

/** `… 148 ms …`, `… 148 ms, 12 folded messages …` */
export function gapText(gap: Omit<GapRow, 'type'>): string {
  const parts = [gap.span === 0 ? '' : timeText(gap.span), repeatedText(gap)];
  return `… ${parts.filter((part) => part !== '').join(', ')} …`;
}

/** In the gutter. */
export function timeLabel(at: Micros): string {
  return timeText(at);
}

/** Empty if nothing is folded. */
export function repeatedText({ folded }: { folded: number }): string {
  return folded === 0 ? '' : `${folded} folded message${folded === 1 ? '' : 's'}`;
}

/** What a screen reader says of a picture: what changed, and how much of the run it shows. */
export function spokenSequence({ items }: SequenceView): string {
  const stop = items.find((item) => item.stop);
  const current = items.filter((item) => item.current && !item.stop).map(itemInWords);
  const reason = stop ? [`Stopped at ${itemInWords(stop)}`] : [];
  return [...reason, ...current].join('; ');
}

/** How many restrictions of the view the user has chosen. */
export function filterCount(selection: SequenceSelection): number {
  const { from, nodes, hiddenMessages, hiddenOperations, cone } = selection;
  const chosen = [from !== null, nodes !== null, cone !== null];
  const hidden = [hiddenMessages.length > 0, hiddenOperations.length > 0];
  return [...chosen, ...hidden].filter(Boolean).length;
}

/** If there are too many nodes to show them all. */
export function crowdText(shown: number, all: number): string {
  return `${shown} of ${all} nodes: those that take part in the nearest rows. Filter shows others.`;
}

export function filterButton(selection: SequenceSelection): string {
  const count = filterCount(selection);
  return count === 0 ? labels.filter : `${labels.filter} (${count})`;
}

export function foldedText({ folded }: Pick<SequenceChoices, 'folded'>): string {
  return folded === 0 ? labels.heartbeats : `${labels.heartbeats} (${folded})`;
}

export function requestText({ text, step }: { text: string; step: number }): string {
  return `${text}, step ${step}`;
}

export function coneOfStepText(step: number): string {
  return `causes and effects of step ${step}`;
}

export function itemTitle(item: SequenceItem): string {
  const title = `${itemInWords(item)}, ${timeText(item.at)}. Click to go to this step.`;
  const hidden = item.type === 'message' && !item.label.endsWith(item.fields) ? item.fields : '';
  return [title, hidden, ...clockLines(item)].filter((line) => line !== '').join('\n');
}

function clockLines(item: SequenceItem): string[] {
  if (item.type === 'event') return item.logicalClock ? [logicalClockText(item.logicalClock)] : [];
  if (item.type !== 'message') return [];
  const { sentAt, receivedAt } = item;
  return [
    ...(sentAt ? [`sent at ${logicalClockText(sentAt)}`] : []),
    ...(receivedAt ? [`received at ${logicalClockText(receivedAt)}`] : []),
  ];
}

export function earlierActions(count: number): string {
  return `${count} earlier action${count === 1 ? '' : 's'} not drawn`;
}

/** `message` is Mermaid's own: several lines, of which the first says what is wrong. */
export function drawingFailed(message: string): string {
  const reason = message.split('\n')[0]!.trim().replace(/[.:]$/, '');
  return `The diagram could not be drawn: ${reason}. The previous one is shown below.`;
}
