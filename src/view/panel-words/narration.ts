/** The words of the story of a scenario: which step is current, and what goes on beside it. */
import type { NarratedActivity, NarratedStep, NarrationView } from '../narration.ts';

export const labels = {
  story: 'Scenario',
  introduction: 'About this scenario',
  done: 'done',
  current: 'current',
  next: 'next',
  measures: 'Measured so far',
} as const;

/** How far the run is in the scenario; the steps of the run are actions. */
export function progressText({ current, total }: Pick<NarrationView, 'current' | 'total'>): string {
  if (current >= total) return total === 1 ? 'The step is done' : `All ${total} steps are done`;
  return `Step ${current + 1} of ${total}`;
}

/** The summary line while the story is folded. */
export function foldedText({ steps, ...progress }: NarrationView): string {
  const current = steps.find(({ state }) => state === 'current');
  const place = progressText(progress);
  return current === undefined ? place : `${place}: ${current.text}`;
}

export function stepTitle({ index, state, line }: NarratedStep): string {
  const where = `line ${line}`;
  if (state === 'current') return `Go to where step ${index + 1} began (${where})`;
  const verb = state === 'done' ? 'Go back to' : 'Run to';
  return `${verb} step ${index + 1} (${where})`;
}

/** What a workload or a nemesis is doing. */
export function activityText(activity: NarratedActivity): string {
  if (activity.type === 'nemesis') {
    const { undo } = activity;
    return undo.length === 0
      ? 'Nemesis: no fault now'
      : `Nemesis: a fault until ${undo.map((one) => `\`${one}\``).join(' and ')}`;
  }
  const { clients, invoked, times, waiting } = activity;
  const count = times === undefined ? `${invoked}` : `${invoked} of ${times}`;
  const waits = waiting.length === 0 ? 'none is outstanding' : `${waiting.join(', ')} waiting`;
  return `Workload of ${clients.join(', ')}: ${count} operations invoked, ${waits}`;
}
