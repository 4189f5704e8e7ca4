/** Runs a scenario as a test: it must hold; a broken twin must fail for the reason it names. */
import type { World } from '../kernel/world.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Place, Verdict } from '../scenario/verdict.ts';
import { isBrokenTwin } from './broken-twin.ts';
import { type Listener, simulateInSlices, type SimulationResult } from './simulate.ts';
import { withPlaces } from './thrown-errors.ts';
import { isFailure } from './verdict-words.ts';

/** Why a test failed. */
export type TestFailure =
  | { readonly type: 'verdict'; readonly verdict: Verdict }
  /** The limit on actions ended the run. */
  | { readonly type: 'endless'; readonly actions: number };

export interface TestedRun extends SimulationResult {
  /** Empty if the test passed. */
  readonly failures: readonly TestFailure[];
}

export interface Watch {
  readonly listener?: Listener;
  /** The place of the error that a step threw. */
  readonly placeAt?: (step: number) => Place | undefined;
  /** Names the file of a place in the code as the user knows it. */
  readonly shown?: (place: Place) => Place;
}

/** A test must end within a time that a user is willing to wait. */
const actionsMax = 1_000_000;

/** Yields to the caller after every `slice` actions. */
export function* testInSlices(
  scenario: Scenario,
  slice: number,
  { listener, placeAt = () => undefined, shown }: Watch = {},
): Generator<World, TestedRun> {
  const result = yield* simulateInSlices(scenario, slice, listener, { actionsMax });
  const verdicts = withPlaces(result.verdicts, placeAt, shown);
  return { ...result, verdicts, failures: failuresOf(scenario, { ...result, verdicts }) };
}

function failuresOf(
  scenario: Scenario,
  { verdicts, cut, world }: SimulationResult,
): readonly TestFailure[] {
  if (cut) return [{ type: 'endless', actions: world.step }];
  const failed = verdicts.filter(isFailure);
  // A broken twin passes if it is violated as it says, but an unknown verdict still fails it.
  const counted = isBrokenTwin(scenario)
    ? failed.filter(({ type, subject }) => type === 'unknown' || subject.kind === 'broken twin')
    : failed;
  return counted.map((verdict) => ({ type: 'verdict', verdict }));
}
