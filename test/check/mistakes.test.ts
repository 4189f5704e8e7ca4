/** Mistakes of an author in an invariant or a derived event, and the messages for them. */
import { describe, expect, test } from 'vitest';
import { derivedEventMonitors } from '../../src/check/derived-events.ts';
import { violationSentence } from '../../src/check/verdict-words.ts';
import { invariantMonitors } from '../../src/check/invariants.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { step } from '../../src/kernel/step.ts';
import type { DerivedEvent, Invariant, Json, Observed, Protocol } from '../../src/protocol/types.ts';
import { protocolOf, worldOf } from '../kernel/mistakes.ts';

/** The violations at the start and in the first step. */
function findings(code: { invariant?: Partial<Invariant>; derived?: Partial<DerivedEvent> }) {
  const { invariant, derived } = code;
  const protocol: Protocol = {
    ...protocolOf(() => undefined),
    derivedEvents: derived ? { Ended: derived as DerivedEvent } : {},
    invariants: invariant ? { Safe: invariant as Invariant } : {},
  };
  const effects = new Effects();
  const monitors = [...derivedEventMonitors(protocol), ...invariantMonitors(protocol)];
  const world = worldOf(protocol, monitors, effects);
  const violations = [...effects.violations];
  step(world, world.next()!, effects);
  return { why: [...violations, ...effects.violations].map((one) => violationSentence(one)), effects, world };
}

describe('an invariant', () => {
  test.each([true, false, null, 5, '', { broken: true }])('that returns %j fails', (returned) => {
    const { why } = findings({ invariant: { check: () => returned as never } });
    const text = JSON.stringify(returned).replace('"broken"', 'broken').replace(':', ': ');
    expect(why).toEqual([
      `the code of the invariant failed: it returned ${text}: ` +
        'return undefined while it holds, or else a sentence that says why it does not',
    ]);
  });

  test('that returns undefined holds, and one that returns a sentence is violated', () => {
    expect(findings({ invariant: { check: () => undefined } }).why).toEqual([]);
    expect(findings({ invariant: { check: () => 'two leaders' } }).why).toEqual(['two leaders']);
  });

  test('remembers plain data', () => {
    const remember = () => ({ seen: new Set() });
    expect(findings({ invariant: { remember, check: () => undefined } }).why).toEqual([
      'the code of the invariant failed: memory.seen is a Set, ' +
        'but memory is saved and compared as plain data: use an array or an object',
    ]);
  });

  test('that throws a value that is not an error fails', () => {
    const check = () => {
      throw Object.create(null);
    };
    expect(findings({ invariant: { check } }).why).toEqual(['the code of the invariant failed: {}']);
  });
});

describe('a derived event', () => {
  test.each([undefined, true, 'text', { n: 1 }, [1], [null]])('that returns %j fails', (found) => {
    const { why } = findings({ derived: { look: () => found as never } });
    expect(why).toHaveLength(1);
    expect(why[0]).toContain(
      '`look` must return a list with the fields of each event, or an empty list',
    );
  });

  test('keeps the fields as they were when it was reported', () => {
    const look: DerivedEvent['look'] = ({ nodes }) => [
      { list: (nodes[0] as Observed<{ list: object[] }>).state.list as Json },
    ];
    const { effects, world } = findings({ derived: { look } });
    (world.node('a')!.state.list as unknown[]).push(2);
    expect(effects.events).toEqual([{ node: 'a', name: 'Ended', fields: { list: [{ n: 1 }] } }]);
  });
});
