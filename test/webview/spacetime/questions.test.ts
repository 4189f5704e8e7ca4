/** What Space-Time asks about an event of a run that goes on meanwhile. */
import { expect, test } from 'vitest';
import type { SpacetimeAnswer } from '../../../src/view/spacetime/spacetime-view.ts';
import type { Lane } from '../../../webview/spacetime/lane.ts';
import { Questions } from '../../../webview/spacetime/questions.ts';
import { turn } from '../../host/event-loop.ts';

const lanes = [{ view: { key: 'a', length: 9 } }] as unknown as Lane[];
const details = { type: 'event' } as unknown as SpacetimeAnswer;

test('an event that is of interest before the refusal of an earlier question is asked about', async () => {
  const asked: { step: number; answered(one: SpacetimeAnswer): void; refused(why: Error): void }[] = [];
  const questions = new Questions((question) => {
    const { step } = question as { step: number };
    return new Promise((answered, refused) => asked.push({ step, answered, refused }));
  }, () => undefined);
  questions.about({ lane: 0, step: 3, node: -1 }, lanes, true);
  questions.about({ lane: 0, step: 5, node: -1 }, lanes, true);
  asked[0]!.refused(new Error('the run goes on'));
  await turn();
  expect(asked.map(({ step }) => step)).toEqual([3, 5]);
  asked[1]!.answered(details);
  await turn();
  expect(questions.details).toBe(details);
});
