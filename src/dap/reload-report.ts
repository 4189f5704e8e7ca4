/** The result of a reload as JSON for the client: differences with their values described. */
import { describedEffects } from '../session/differences.ts';
import { valueText } from '../session/read/value.ts';
import type { DifferingState as State, ReloadResult } from '../session/reload.ts';
import type { ActionDifference, DifferingState, ReloadOutcome } from './reload-result.ts';

const valueWidth = 60;
const kinds = {
  threw: 'exception',
  reported: 'event',
  sent: 'message',
  replied: 'reply',
  timers: 'timer',
} as const;

export function reloadOutcome(result: ReloadResult | undefined): ReloadOutcome {
  switch (result?.type) {
    case undefined:
      return { type: 'interrupted' };
    case 'same':
      return result;
    case 'state differs':
      return { type: 'state differs', ...stateOf(result.state) };
    case 'run differs': {
      const { step, action, difference, state } = result;
      const ofAction = differenceOf(difference);
      const earlier = state ? { state: stateOf(state) } : {};
      return { type: 'run differs', step, action, difference: ofAction, ...earlier };
    }
  }
}

function stateOf({ step, difference: { node, path, first, second } }: State): DifferingState {
  const [before, after] = [valueText(first, valueWidth), valueText(second, valueWidth)];
  return { step, node, path, before, after };
}

type Difference = Extract<ReloadResult, { type: 'run differs' }>['difference'];

function differenceOf(difference: Difference): ActionDifference {
  if (difference.type === 'impossible') return difference;
  const { first, second } = describedEffects(difference);
  return { type: 'effects', kind: kinds[difference.kind], before: first, after: second };
}
