/** The sentences about a reload, for the debug console and for the extension's notification. */
import type {
  ActionDifference,
  DifferingState,
  EffectKind,
  ReloadOutcome,
  RunDiffers,
} from './reload-result.ts';

const verbs: Readonly<Record<EffectKind, readonly [does: string, infinitive: string]>> = {
  exception: ['throws', 'throw'],
  event: ['reports', 'report'],
  message: ['sends', 'send'],
  reply: ['answers', 'answer'],
  timer: ['sets', 'set'],
};

/** How the run differs on the new code; undefined if it does not. */
export function reloadDifference(outcome: ReloadOutcome): string | undefined {
  switch (outcome.type) {
    case 'same':
    case 'interrupted':
      return undefined;
    case 'state differs':
      return `${stateSentence(outcome)} Every message and event so far is the same.`;
    case 'run differs':
      return outcome.state
        ? `${stateSentence(outcome.state)} ${runSentence(outcome)}`
        : runSentence(outcome);
  }
}

function stateSentence({ step, node, path, before, after }: DifferingState): string {
  const when = step === 0 ? 'At the start' : `After step ${step}`;
  return `${when}, ${[node, 'state', ...path].join('.')} is ${after} instead of ${before}.`;
}

function runSentence({ step, action, difference }: RunDiffers): string {
  return `Step ${step} (${action}) ${differenceClause(difference)}.`;
}

function differenceClause(difference: ActionDifference): string {
  if (difference.type === 'impossible') return 'is no longer possible';
  const { kind, before, after } = difference;
  const [does, infinitive] = verbs[kind];
  if (before.length === 0) return `also ${does} ${listText(after)}`;
  if (after.length === 0) return `does not ${infinitive} ${listText(before)} any more`;
  return `${does} ${listText(after)} instead of ${listText(before)}`;
}

function listText([first, ...others]: readonly string[]): string {
  return others.length === 0 ? first! : `${first} and ${others.length} more`;
}
