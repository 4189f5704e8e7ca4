// What `npm run conformance -- transcripts DIR` prints.
import type { Step } from './adapter.ts';
import type { Difference } from './compare.ts';
import type { Replayed } from './run.ts';

export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly notModelled: number;
}

export function countOf(replayed: readonly Replayed[]): Count {
  const count = (type: Replayed['verdict']['type']) =>
    replayed.filter(({ verdict }) => verdict.type === type).length;
  return {
    passed: count('passed'),
    failed: count('failed'),
    notModelled: count('not modelled'),
  };
}

/** The last line of the report. Its form is fixed, because programs read it. */
export function countText({ passed, failed, notModelled }: Count): string {
  return `${passed} passed, ${failed} failed, ${notModelled} not modelled`;
}

/** The differences of a failed transcript; undefined for others. */
export function failureText({ path, transcript, verdict }: Replayed): string | undefined {
  if (verdict.type !== 'failed') return undefined;
  const heading = `${path} failed (seed ${verdict.seed}): ${transcript.shows}`;
  return [heading, ...verdict.differences.map(differenceText)].join('\n');
}

/** Why a transcript is not modelled; undefined for others. */
export function notModelledText({ path, verdict }: Replayed): string | undefined {
  return verdict.type === 'not modelled' ? `${path} not modelled: ${verdict.reason}` : undefined;
}

function differenceText({ step, expected, got }: Difference): string {
  const place = step === undefined ? 'the replay' : stepText(step);
  return `  ${place}\n    expected  ${expected}\n    got       ${got}`;
}

function stepText({ n, actor, action, args }: Step): string {
  const words = [actor, action, args && JSON.stringify(args)];
  return `step ${n}: ${words.filter((word) => word !== undefined).join(' ')}`;
}
