/** The words of a page that plays a recorded run. */
import type { RunAbout } from '../export/recorded-run.ts';

export const labels = {
  play: 'Play',
  pause: 'Pause',
  first: 'First step',
  back: 'Step back',
  forward: 'Step forward',
  last: 'Last step',
  nextMoment: 'Next moment',
  speed: 'Speed',
  step: 'Step',
  theme: 'Theme',
  light: 'Light',
  dark: 'Dark',
  inWords: 'In words',
  verdicts: 'Verdicts',
  scenario: 'Scenario',
  source: 'Protocol source',
  panels: 'Panels',
  keys: 'Keys: ← and → step, Space plays, Home and End go to the ends.',
  notEnded: 'The run was exported before its end, so nothing is judged.',
  recording:
    'This file is a recording and cannot take other actions: open the scenario in Lockstep.',
  noAnswer: 'this file has no data for that',
} as const;

/** `184 steps`, `steps 0 to 1999 of 5210: the others are left out`. */
export function stepsText({ first, last, steps }: RunAbout): string {
  if (first === 0 && last === steps) return steps === 1 ? '1 step' : `${steps} steps`;
  return `steps ${first} to ${last} of ${steps}: the others are left out`;
}

/** What a reader must know of what the file does not have; empty if it has all. */
export function leftOutText(about: RunAbout): string {
  const { first, last, steps, absent } = about;
  const parts: string[] = [];
  if (first > 0 || last < steps) parts.push(`This file has ${stepsText(about)}.`);
  if (absent.length > 0) {
    parts.push(`The source of the protocol is too long and is left out: ${absent.join(', ')}.`);
  }
  return parts.join(' ');
}

export function aboutText({ scenario, protocol, seed, branch }: RunAbout): string {
  const parts = [scenario, protocol, `seed ${seed}`];
  return [...parts, ...(branch === 0 ? [] : [`branch ${branch}`])].join(' · ');
}

export function positionText(step: number, { last, steps }: RunAbout): string {
  return last === steps ? `${step} of ${steps}` : `${step} of ${steps} (recorded up to ${last})`;
}

export function speedText(speed: number): string {
  return `${speed}×`;
}
