/** What a reload found, for the debug console and for the extension's notification. */
import type {
  ReloadOutcome,
  RunDifference,
  EffectList,
  StateDiffersAt,
} from '../reload-result.ts';

/** The difference that a reload found; undefined if it found none. */
export function reloadText(outcome: ReloadOutcome): string | undefined {
  switch (outcome.type) {
    case 'same':
      return undefined;
    case 'state differs':
      return `${stateText(outcome)} Messages and events are the same up to here.`;
    case 'run differs': {
      const { step, action, difference, state } = outcome;
      const first = state ? `${stateText(state)} ` : '';
      return `${first}Step ${step} (${action}) ${runText(difference)}.`;
    }
    case 'interrupted':
      return 'The replay on the reloaded code was interrupted: save the file again to reload it.';
  }
}

function stateText({ step, action, difference }: StateDiffersAt): string {
  const place = step === 0 ? 'the start' : `step ${step} (${action})`;
  const { node, path, before, now } = difference;
  const field = [node, 'state', ...path].join('.');
  return `After ${place}, ${field} was ${before} before, and is ${now} now.`;
}

function runText(difference: RunDifference): string {
  if (difference.type === 'not possible') return 'is no longer possible';
  const { kind, before, now } = difference;
  return `${kind} ${listText(before)} before, and ${listText(now)} now`;
}

function listText({ first, more }: EffectList): string {
  if (first === undefined) return 'nothing more';
  return more === 0 ? first : `${first} and ${more} more`;
}
