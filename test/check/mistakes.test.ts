/** What an author can get wrong in an invariant or a fact, and the words that tell of it. */
import { describe, expect, test } from 'vitest';
import { factMonitors } from '../../src/check/facts.ts';
import { invariantMonitors } from '../../src/check/invariants.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { step } from '../../src/kernel/step.ts';
import type { Fact, Invariant, Protocol } from '../../src/protocol/types.ts';
import { protocolOf, worldOf } from '../kernel/mistakes.ts';

/** What the monitors find at the start and in the first step. */
function findings(code: { invariant?: Partial<Invariant>; fact?: Partial<Fact> }) {
  const { invariant, fact } = code;
  const protocol: Protocol = {
    ...protocolOf(() => undefined),
    facts: fact ? { Ended: fact as Fact } : {},
    invariants: invariant ? { Safe: invariant as Invariant } : {},
  };
  const effects = new Effects();
  const monitors = [...factMonitors(protocol), ...invariantMonitors(protocol)];
  const world = worldOf(protocol, monitors, effects);
  const violations = [...effects.violations];
  step(world, world.next()!, effects);
  return { why: [...violations, ...effects.violations].map(({ why }) => why), effects, world };
}

describe('an invariant', () => {
  test.each([true, false, null, 5, '', { broken: true }])('that answers %j failed', (answer) => {
    const { why } = findings({ invariant: { check: () => answer as never } });
    const text = JSON.stringify(answer).replace('"broken"', 'broken').replace(':', ': ');
    expect(why).toEqual([
      `the invariant itself failed: it answered ${text}: ` +
        'an invariant answers nothing while it holds, else a sentence',
    ]);
  });

  test('that answers nothing holds, and a sentence says what broke', () => {
    expect(findings({ invariant: { check: () => undefined } }).why).toEqual([]);
    expect(findings({ invariant: { check: () => 'two leaders' } }).why).toEqual(['two leaders']);
  });

  test('remembers plain data', () => {
    const remember = () => ({ seen: new Set() });
    expect(findings({ invariant: { remember, check: () => undefined } }).why).toEqual([
      'the invariant itself failed: memory.seen is a Set, ' +
        'but memories hold only plain data: use a list or an object',
    ]);
  });

  test('that throws what is no error is told', () => {
    const check = () => {
      throw Object.create(null);
    };
    expect(findings({ invariant: { check } }).why).toEqual(['the invariant itself failed: {}']);
  });
});

describe('a fact', () => {
  test.each([undefined, true, 'text', { n: 1 }, [1], [null]])('that answers %j failed', (found) => {
    const { why } = findings({ fact: { look: () => found as never } });
    expect(why).toHaveLength(1);
    expect(why[0]).toContain(
      'a fact answers a list with the fields of each event, empty where there is none',
    );
  });

  test('keeps showing what it saw', () => {
    const look: Fact['look'] = ({ nodes }) => [{ list: nodes[0].state.list }];
    const { effects, world } = findings({ fact: { look } });
    (world.node('a')!.state.list as unknown[]).push(2);
    expect(effects.events).toEqual([{ node: 'a', name: 'Ended', fields: { list: [{ n: 1 }] } }]);
  });
});
