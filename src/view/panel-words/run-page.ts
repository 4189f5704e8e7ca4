/** The words of a page that plays a recorded run. */
import type { RunAbout } from '../export/recorded-run.ts';

export const labels = {
  first: 'First step',
  last: 'Last step',
  previousMoment: 'Previous stop (P)',
  nextMoment: 'Next stop (N)',
  step: 'Step',
  theme: 'Theme',
  left: 'Cluster and story',
  tabs: 'Panels',
  story: 'Story',
  words: 'In words',
  verdicts: 'Verdicts',
  scenario: 'Scenario',
  source: 'Protocol source',
  wide: 'Use the whole width',
  keys:
    'Keys: ← and → step, Space plays, N and P go to the next and the previous stop, ' +
    'Home and End go to the ends.',
  notEnded: 'The run was exported before its end, so nothing is judged.',
  recording:
    'This file is a recording and cannot take other actions: open the scenario in Lockstep.',
  noAnswer: 'this file has no data for that',
  differs:
    'This browser replays the run differently. Open the scenario in Lockstep.',
} as const;

export const themeNames = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
  'hc-light': 'High contrast, light',
  'hc-dark': 'High contrast, dark',
} as const;

/** `184 steps`, `steps 0 to 1999 of 5210: the others are left out`. */
export function stepsText({ first, last, steps }: RunAbout): string {
  if (first === 0 && last === steps) return steps === 1 ? '1 step' : `${steps} steps`;
  return `steps ${first} to ${last} of ${steps}: the others are left out`;
}

/** What a reader must know of what the file does not have; empty if it has all. */
export function leftOutText(about: RunAbout): string {
  const { first, last, steps } = about;
  return first > 0 || last < steps ? `This file has ${stepsText(about)}.` : '';
}

export function aboutText({ scenario, protocol, seed, branch }: RunAbout): string {
  const parts = [scenario, protocol, `seed ${seed}`];
  return [...parts, ...(branch === 0 ? [] : [`branch ${branch}`])].join(' · ');
}

/** Behind the field with the step. */
export function ofText({ last, steps }: RunAbout): string {
  return last === steps ? `of ${steps}` : `of ${steps} (recorded up to ${last})`;
}

/** While the page takes the actions of the run. */
export function replayingText(share: number): string {
  return `Replaying the run … ${Math.floor(share * 100)} %`;
}
