/** The promises that one may search for: those of a scenario, and those of its protocol. */
import type { Scenario } from '../../scenario/scenario.ts';
import { isSafety, mustHappen } from '../promises.ts';
import { promiseOf } from '../walks/broken.ts';

export interface Target {
  /** What a request names it by. */
  readonly id: string;
  readonly kind: 'expectation' | 'invariant';
  /** The line of the scenario, or the name of the invariant. */
  readonly text: string;
  /** What the invariant says of itself; only the end of a run can show what some lines say. */
  readonly note?: 'at the end';
}

export function targetsOf({ expect, protocol }: Scenario): Target[] {
  const expected = expect
    .filter((one) => isSafety(one) || mustHappen(one) || isOfEnd(one))
    .map((one): Target => ({
      id: idOf(one),
      kind: 'expectation',
      text: one.text,
      ...(isSafety(one) ? {} : { note: 'at the end' }),
    }));
  const invariants = Object.keys(protocol.invariants).map((name): Target => {
    return { id: promiseOf({ kind: 'invariant', name }), kind: 'invariant', text: name };
  });
  return [...expected, ...invariants];
}

function isOfEnd({ type }: Scenario['expect'][number]): boolean {
  return type === 'end' || type === 'history';
}

function idOf({ text, range }: Scenario['expect'][number]): string {
  return promiseOf({ kind: 'expectation', text, range });
}

/** The scenario without the promises that are not meant. What its steps wait for stays. */
export function narrowed(scenario: Scenario, isMeant: (id: string) => boolean): Scenario {
  const { invariants } = scenario.protocol;
  const kept = Object.entries(invariants).filter(([name]) => {
    return isMeant(promiseOf({ kind: 'invariant', name }));
  });
  const protocol = { ...scenario.protocol, invariants: Object.fromEntries(kept) };
  const expect = scenario.expect.filter((one) => isMeant(idOf(one)));
  return { ...scenario, protocol, expect, setup: { ...scenario.setup, protocol } };
}
