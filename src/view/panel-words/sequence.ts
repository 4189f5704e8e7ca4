/** The words of the Sequence panel: items, outcomes, and what became of a drawing. */
import type { Moment, Outcome, SequenceItem } from '../contract.ts';
import { logicalClockText } from './logical-clock.ts';
import { eventInWords, stepCount } from './moment.ts';

export const labels = {
  copyAsMermaid: 'Copy as Mermaid',
  copied: 'copied',
  notCopied: 'could not be copied',
  diagram: 'Messages, oldest first',
  legend: 'Legend',
} as const;

export function stepName({ step }: Moment): string {
  return `Step ${step}`;
}

/** What follows the name of the step. */
export function sequencePosition(moment: Moment, phase: 'stopped' | 'running' | 'ended'): string {
  const state = { stopped: '', running: ' · running …', ended: ' · ended' }[phase];
  return `${stepCount(moment)}${state}`;
}

export function outcomeWord(outcome: Outcome): string {
  if (outcome === 'reset') return 'refused: connection reset';
  return outcome === 'in-flight' ? 'in flight' : outcome;
}

/** An item as a sentence, for tooltips and screen readers. */
export function itemInWords(item: SequenceItem): string {
  const repeated = item.type === 'message' ? item.repeated : undefined;
  if (repeated === undefined) return `${itemSubject(item)}, step ${item.step}`;
  const { times, since } = repeated;
  return `${itemSubject(item)}, ${times} times, steps ${since} to ${item.step}`;
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
  const title = `${itemInWords(item)}. Click to go to this step.`;
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
