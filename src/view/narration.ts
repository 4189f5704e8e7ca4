/** The scenario as a story: its current step with its author's comment, and those around it. */
import { actionText } from '../kernel/text/action-text.ts';
import { measureText } from '../scenario/measures.ts';
import type { Reading } from '../session/read/reading.ts';

export interface NarrationView {
  /** The comment with which the file begins, a paragraph each, until the first step is done. */
  introduction: string[];
  /** The index of the current step; the number of steps once all are done. */
  current: number;
  total: number;
  /** The last step that was done, the current one, and the next ones. */
  steps: NarratedStep[];
  /** Workloads and nemeses under way. */
  activities: NarratedActivity[];
  /** What `measure` names, with the values of this moment; those that have none are left out. */
  measures: { name: string; value: string }[];
}

export interface NarratedStep {
  index: number;
  /** The line of the scenario. */
  text: string;
  line: number;
  state: 'done' | 'current' | 'next';
  /** What the file says of it, a paragraph each. */
  comment: string[];
}

export type NarratedActivity = { /** The index of its step. */ index: number } & (
  | {
      type: 'repeat';
      clients: string[];
      invoked: number;
      /** How many operations it will invoke; absent if only time ends it. */
      times?: number;
      /** The clients that wait for an answer. */
      waiting: string[];
    }
  /** The commands that will end the present fault; empty between two faults. */
  | { type: 'nemesis'; undo: string[] }
);

/** How many steps after the current one are shown. */
const nextMost = 4;

/** Undefined for a scenario without steps. */
export function narrationOf(reading: Reading): NarrationView | undefined {
  const { steps, introduction } = reading.scenario;
  if (steps.length === 0) return undefined;
  const current = reading.scenarioStep(reading.cursor.step + 1);
  const shown = steps.slice(Math.max(0, current - 1), current + 1 + nextMost);
  return {
    introduction: current === 0 ? paragraphs(introduction) : [],
    current,
    total: steps.length,
    steps: shown.map(({ index, text, range, comment }) => ({
      index,
      text,
      line: range.line,
      state: index < current ? 'done' : index === current ? 'current' : 'next',
      comment: paragraphs(comment),
    })),
    activities: reading.activities.map(activityView),
    measures: reading.measured.flatMap(({ name, result }) =>
      result.ok ? [{ name, value: measureText(result.value) }] : [],
    ),
  };
}

function paragraphs(text: string | undefined): string[] {
  return text === undefined ? [] : text.split('\n');
}

function activityView(activity: Reading['activities'][number]): NarratedActivity {
  const { index } = activity;
  if (activity.type === 'nemesis') {
    return { type: 'nemesis', index, undo: activity.undo.map(actionText) };
  }
  const { clients, invoked, times, waiting } = activity;
  const bounded = times === undefined ? {} : { times };
  return {
    type: 'repeat', index, clients: [...clients], invoked, ...bounded, waiting: [...waiting],
  };
}
