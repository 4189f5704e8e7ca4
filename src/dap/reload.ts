/** The result of a reload as JSON, for the body of its response. */
import type { NamedEffect } from '../session/differences.ts';
import { valueText } from '../session/read/value.ts';
import type { ReloadResult, StateDiffersAt } from '../session/reload.ts';
import type * as wire from './reload-result.ts';
import { effectText } from './words/console.ts';

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

function stateBody({ step, action, difference }: StateDiffersAt): wire.StateDiffersAt {
  const { node, path, before, now } = difference;
  const values = { before: valueText(before, 60), now: valueText(now, 60) };
  return { step, action: step === 0 ? 'the start' : action, difference: { node, path, ...values } };
}

type RunDifference = Extract<ReloadResult, { type: 'run differs' }>['difference'];

function runBody(difference: RunDifference): wire.RunDifference {
  if (difference.type === 'not possible') return { type: 'not possible' };
  const { type, kind, before, now } = difference;
  return { type, kind, before: listBody(before), now: listBody(now) };
}

function listBody(effects: readonly NamedEffect[]): wire.EffectList {
  if (effects.length === 0) return { more: 0 };
  return { first: effectText(effects[0]), more: effects.length - 1 };
}
