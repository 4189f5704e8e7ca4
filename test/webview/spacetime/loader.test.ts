/** What Space-Time reads of a run that goes on meanwhile. */
import { expect, test } from 'vitest';
import type { StepsAnswer } from '../../../src/view/spacetime/spacetime-view.ts';
import type { Lane } from '../../../webview/spacetime/lane.ts';
import { Loader } from '../../../webview/spacetime/loader.ts';
import { turn } from '../../host/event-loop.ts';

const answer = { type: 'steps', times: [0] } as unknown as StepsAnswer;

function begun() {
  const lane = {
    view: { key: 'a' }, texts: [], count: 0, isWhole: false,
    append() {
      this.count++;
      this.isWhole = true;
    },
  };
  const waiting: { answered(one: StepsAnswer): void; refused(why: Error): void }[] = [];
  const ask = () => {
    return new Promise<StepsAnswer>((answered, refused) => waiting.push({ answered, refused }));
  };
  const loader = new Loader(ask, () => undefined);
  const want = () => loader.want([lane as unknown as Lane]);
  want();
  return { lane, waiting, want };
}

test('a stop that comes before the refusal of an earlier question is read', async () => {
  const { lane, waiting, want } = begun();
  // The run went on, and stopped: the question before it is refused a little later.
  want();
  waiting[0]!.refused(new Error('the run goes on'));
  await turn();
  expect(waiting).toHaveLength(2);
  waiting[1]!.answered(answer);
  await turn();
  expect(lane.isWhole).toBe(true);
});

test('what is refused is not asked again before the next stop', async () => {
  const { lane, waiting, want } = begun();
  waiting[0]!.refused(new Error('the run goes on'));
  await turn();
  expect(waiting).toHaveLength(1);
  want();
  expect(waiting).toHaveLength(2);
  waiting[1]!.answered(answer);
  await turn();
  expect(lane.isWhole).toBe(true);
});
