/** A finding as the text of a scenario that shows it from a start. */
import type { Action } from '../../kernel/action.ts';
import { savingScenario } from '../saved/saved.ts';
import { shrinking, type Shrunk } from '../shrink/shrink.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Finding } from './found.ts';
import type { FindHost, FindProgress } from './progress.ts';
import { isOfScenario } from './request.ts';

export type SavedFinding =
  | { readonly text: string }
  | { readonly notSaved: 'not a promise' | 'not schedulable' | 'no words' | 'too long' };

/** Shrinking goes over the whole run again and again. */
const actionsMost = 5_000;
const lastsMsMost = 20_000;

/** `actions`: the run from its start to the moment at which the finding begins. */
export function* savingFinding(
  scenario: Scenario,
  text: string,
  actions: readonly Action[],
  { subject, reason, actions: found, isAtEnd }: Finding,
  host: Pick<FindHost, 'elapsed'>,
): Generator<FindProgress, SavedFinding> {
  if (!isOfScenario(subject) || reason.code === 'reached' || reason.code === 'not-reached') {
    return { notSaved: 'not a promise' };
  }
  const all = [...actions, ...found];
  if (all.length > actionsMost) return { notSaved: 'too long' };
  const { seed } = scenario.setup;
  const run = { broken: { subject, reason }, seed, time: 'timed', actions: all, isAtEnd } as const;
  const until = host.elapsed() + lastsMsMost;
  const slices = shrinking(scenario, run);
  let shrunk: Shrunk | undefined;
  for (;;) {
    const next = slices.next();
    if (next.done) {
      shrunk = next.value;
      break;
    }
    if (host.elapsed() > until) return { notSaved: 'too long' };
    yield { phase: 'shrinking', actions: next.value.actions };
  }
  if (shrunk === undefined) return { notSaved: 'not schedulable' };
  const writing = savingScenario({ scenario, text }, shrunk);
  for (;;) {
    const next = writing.next();
    if (next.done) {
      return next.value === undefined ? { notSaved: 'no words' } : { text: next.value };
    }
    if (host.elapsed() > until) return { notSaved: 'too long' };
    yield { phase: 'shrinking', actions: shrunk.actions.length };
  }
}
