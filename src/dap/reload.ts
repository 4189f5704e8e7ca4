/** The result of a reload as JSON, for the body of its response. */
import { valueText } from '../session/read/value.ts';
import type { Following, ReloadResult, StateDiffersAt } from '../session/reload.ts';
import type * as wire from './reload-result.ts';
import type { Advance } from './requests/motions.ts';
import { effectTexts, effectVerbs } from './words/effects.ts';
import { reloadText } from './words/reload.ts';

export function reloadOutcome(result: ReloadResult): wire.ReloadOutcome {
  switch (result.type) {
    case 'same':
    case 'interrupted':
      return result;
    case 'state differs':
      return { type: 'state differs', ...stateBody(result) };
    case 'run differs': {
      const { type, step, action, difference, state } = result;
      const first = state ? { state: stateBody(state) } : {};
      return { type, step, action, difference: runBody(difference), ...first };
    }
  }
}

/** Repeats the run on the reloaded code, and prints the first difference when it is found. */
export function repeating(following: Following, print: (line: string) => void): Advance {
  return (budget) => {
    const stop = following.advance(budget);
    const difference = stop && reloadText(reloadOutcome(following.result));
    if (difference !== undefined) print(difference);
    return stop;
  };
}

function stateBody({ step, action, difference }: StateDiffersAt): wire.StateDiffersAt {
  const { node, path, first, second } = difference;
  const values = { before: valueText(first, 60), now: valueText(second, 60) };
  return { step, action: step === 0 ? 'the start' : action, difference: { node, path, ...values } };
}

type RunDifference = Extract<ReloadResult, { type: 'run differs' }>['difference'];

function runBody(difference: RunDifference): wire.RunDifference {
  if (difference.type === 'not possible') return { type: 'not possible' };
  const { first, second } = effectTexts(difference);
  const kind = effectVerbs[difference.kind];
  return { type: 'effects differ', kind, before: listBody(first), now: listBody(second) };
}

function listBody(effects: readonly string[]): wire.EffectList {
  if (effects.length === 0) return { more: 0 };
  return { first: effects[0], more: effects.length - 1 };
}
