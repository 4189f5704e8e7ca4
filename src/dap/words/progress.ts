/** What a client shows while it waits: the titles of work, and how far it is. */
import { timeText } from '../../kernel/text/duration.ts';
import type { FindStatus } from '../find/finder.ts';
import type { LoadPart } from '../load.ts';

/** What moves the session. */
export type MotionKind = 'run' | 'travel' | 'reload';

const motionTitles: Readonly<Record<MotionKind, string>> = {
  run: 'Running the scenario',
  travel: 'Going to another step',
  reload: 'Repeating the run on the saved code',
};

export function motionTitle(kind: MotionKind): string {
  return motionTitles[kind];
}

/** `until` is the step to which a replay leads. */
export function motionText(
  { step, time }: { readonly step: number; readonly time: number },
  until?: number,
): string {
  const there = until === undefined ? '' : ` of ${until.toLocaleString('en')}`;
  return `step ${step.toLocaleString('en')}${there}, at ${timeText(time)}`;
}

export function loadingTitle(program: string): string {
  return `Loading ${nameOf(program)}`;
}

export function loadPartText(part: LoadPart): string {
  switch (part.type) {
    case 'read':
      return `reading ${nameOf(part.file)}`;
    case 'check':
      return `checking ${nameOf(part.file)}`;
    case 'run':
      return `running ${nameOf(part.file)}`;
    case 'parse':
      return `parsing ${nameOf(part.file)}`;
    case 'boot':
      return 'starting the nodes';
  }
}

export function listingTitle(): string {
  return 'Listing variables';
}

export function exportingTitle(): string {
  return 'Exporting the run';
}

export function savingTitle(): string {
  return 'Saving the branch';
}

export function nearestTitle(): string {
  return 'Searching the nearest run that does not break';
}

export function searchTitle(): string {
  return 'Searching the events';
}

export function findTitle(): string {
  return 'Looking for a schedule that breaks it';
}

/** `12,000 states, up to 9 actions deep, 30,000 per second` */
export function findText({ phase, count, depth, rate }: FindStatus): string {
  const number = (value: number) => value.toLocaleString('en');
  switch (phase) {
    case 'replaying':
      return depth === 0 ? 'beginning' : `repeating the run: ${listingText(count, depth)}`;
    case 'walking':
    case 'searching': {
      const what = phase === 'walking' ? 'runs' : 'states';
      const pace = rate === 0 ? '' : `, ${number(rate)} per second`;
      const actions = depth === 1 ? 'action' : 'actions';
      return `${number(count)} ${what}, up to ${number(depth)} ${actions} deep${pace}`;
    }
    case 'shrinking':
      return `shrinking what was found: ${number(count)} actions`;
  }
}

export function comparingTitle(program: string): string {
  return `Running ${nameOf(program)} to compare`;
}

export function listingText(done: number, all: number): string {
  return `${done.toLocaleString('en')} of ${all.toLocaleString('en')}`;
}

function nameOf(path: string): string {
  return path.replace(/^.*[\\/]/, '');
}
