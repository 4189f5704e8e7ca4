/** What a panel keeps of the events of several sessions. */
import { expect, test } from 'vitest';
import type { Ending, PanelEvent } from '../../src/view/contract.ts';
import { afterEvent } from '../../webview/ui/follow.ts';
import type { PanelState } from '../../webview/ui/state.ts';

const ending = (type: 'holds' | 'violated'): Ending => ({
  stoppedEarly: false,
  verdicts: [{ type, subject: 'one leader', sentence: '' }],
  counts: { violated: 0, holds: 0, unknown: 0, [type]: 1 },
});

const early: Ending = {
  stoppedEarly: true, verdicts: [], counts: { violated: 0, holds: 0, unknown: 0 },
};

const ended = (one: Ending) => ({ type: 'ended', scenario: 's', ending: one }) as const;
const shown = { moment: { step: 3 }, view: {} };
const first = [{ type: 'stopped', ...shown }, ended(ending('holds'))];
const begins = [{ type: 'loading', isOver: false }, { type: 'running', scenario: 's' }];

function after(...events: object[]): PanelState<'cluster'> {
  let state: PanelState<'cluster'> = { phase: { type: 'empty' } };
  for (const event of events) state = afterEvent(state, event as PanelEvent<'cluster'>);
  return state;
}

test('a session that ends before its first stop leaves the last picture and its verdicts', () => {
  const state = after(...first, ...begins, ended(early));
  expect(state).toEqual({ shown, phase: { type: 'ended', ending: ending('holds') } });
});

test('a run that ends without a stop has its own verdicts, without the last picture', () => {
  const state = after(...first, ...begins, ended(ending('violated')));
  expect(state).toEqual({ phase: { type: 'ended', ending: ending('violated') } });
});
