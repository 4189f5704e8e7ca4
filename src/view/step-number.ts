/** The number by which a user knows a moment: inside of an action, the step that this will be. */
import type { Moment } from './contract.ts';

export type Placed = Pick<Moment, 'step' | 'entered'>;

export function isInside({ entered }: Placed): boolean {
  return entered?.position === 'inside';
}

/** The start is step 0. */
export function stepNumber(moment: Placed): number {
  const { step, entered } = moment;
  return isInside(moment) && entered?.command !== 'start' ? step + 1 : step;
}

/** The largest number of a run. An action that was entered counts: there is no step 1 of 0. */
export function stepsMost(moment: Placed & { readonly steps: number }): number {
  return Math.max(moment.steps, stepNumber(moment));
}
