/** The connections of the lock server and of storage: what a worker learns when one of them ends. */
import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { verdictReason } from '../../src/check/verdict-words.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

/** Expects that all steps and expectations of a scenario hold. */
function expectToHold(steps: readonly string[], hopes: readonly string[], worker = 'worker'): void {
  const lines = (list: readonly string[]) => list.map((line) => `  - ${line}\n`).join('');
  const nodes = `{ s: lockServer, A: ${worker}, B: worker, db: storage }`;
  const text =
    `protocol: fenced-lock\nnodes: ${nodes}\nseed: 1\nnetwork: { latency: 1ms }\n` +
    `steps:\n${lines(steps)}${hopes.length > 0 ? `expect:\n${lines(hopes)}` : ''}`;
  const { scenario, problems } = parseScenario(text, 'story', library);
  expect(problems).toEqual([]);
  const { verdicts } = simulate(scenario!);
  const violated = verdicts.filter(({ type }) => type === 'violated');
  expect(violated.map((one) => verdictReason(one))).toEqual([]);
}

describe('the lock server', () => {
  test('grants a lock whose answer is lost, and refuses it to its own holder until it expires', () =>
    expectToHold(
      [
        'wait 100ms', 'cut s->A', 'start A lock x ttl=3s', 'wait 100ms', 'reset A - s',
        'heal', 'wait 100ms', 'A lock x fails', 'wait 4s', 'A lock x answers 2',
      ],
      ['event OutcomeUnknown at A where event.what == "lock"', 'event LockExpired at s'],
    ));

  test('ends its connections when it crashes: a worker that tries again has the lock later', () =>
    expectToHold(
      [
        'wait 100ms', 'crash s', 'wait 100ms', 'start A lock x retry=500ms', 'wait 2s', 'restart s',
        'wait until LockAcquired at A',
      ],
      ['no event OutcomeUnknown'],
    ));

  test('is sent a request that was under way in a short cut once it is over', () =>
    expectToHold(
      ['wait 100ms', 'partition A | s', 'start A lock x', 'wait 2s', 'heal', 'wait 2s', 'A unlock x'],
      ['event LockAcquired at A where time > 2.1 && time < 4.1'],
    ));

  test('is given up when it does not answer in time, and its late grant holds nothing', () =>
    expectToHold(
      ['wait 100ms', 'pause s for 8s', 'A lock x ttl=10s fails', 'wait 5s', 'B lock x fails'],
      ['event OutcomeUnknown at A where time >= 3.1 && time < 3.3', 'end: A.state.held == []'],
      '{ role: worker, timeout: 3s }',
    ));
});

describe('storage', () => {
  test('that crashes leaves the outcome of a write unknown', () =>
    expectToHold(
      [
        'A lock x', 'A write stock 1', 'start A write stock 2', 'wait 500us', 'crash db',
        'wait 100ms', 'start A write stock 3', 'wait 100ms', 'restart db', 'A read stock answers 1',
      ],
      [
        'end: db.state.writes == 1',
        'end: A.state.unanswered == {}',
      ],
    ));

  test('whose host is lost keeps a write waiting until it is back', () =>
    expectToHold(
      [
        'A lock x', 'unplug db', 'start A write stock 2', 'wait 2s', 'plug in db', 'wait 2s',
        'A read stock answers 2',
      ],
      [],
    ));
});
