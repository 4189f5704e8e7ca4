/** Runs a scenario as a test: it must hold; a broken twin must fail for the reason it names. */
import type { World } from '../kernel/world.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Place, Verdict } from '../scenario/verdict.ts';
import { type Listener, simulateInSlices, type SimulationResult } from './simulate.ts';
import { withPlaces } from './thrown-errors.ts';
import { subjectText } from './verdict-words.ts';

export type Violated = Extract<Verdict, { type: 'violated' }>;

/** Why a test failed. */
export type TestFailure =
  | { readonly type: 'violated'; readonly verdict: Violated }
  /** The limit on actions ended the run. */
  | { readonly type: 'endless'; readonly actions: number }
  /** A broken twin in which nothing is violated. */
  | { readonly type: 'twin holds' }
  /** A broken twin that violates something else than what it names. */
  | { readonly type: 'other reason'; readonly breaks: string; readonly broke: readonly string[] };

export interface TestedRun extends SimulationResult {
  /** Empty if the test passed. */
  readonly failures: readonly TestFailure[];
}

export interface Watch {
  readonly listener?: Listener;
  /** The place of the error that a step threw. */
  readonly placeAt?: (step: number) => Place | undefined;
}

/** A test must end within a time that a person waits for it. */
const actionsMax = 1_000_000;

/** Yields to the caller after every `slice` actions. */
export function* testInSlices(
  scenario: Scenario,
  slice: number,
  { listener, placeAt = () => undefined }: Watch = {},
): Generator<World, TestedRun> {
  const result = yield* simulateInSlices(scenario, slice, listener, { actionsMax });
  const verdicts = withPlaces(result.verdicts, placeAt);
  return { ...result, verdicts, failures: failuresOf(scenario, { ...result, verdicts }) };
}

function failuresOf(
  { file, breaks }: Scenario,
  { verdicts, cut, world }: SimulationResult,
): readonly TestFailure[] {
  if (cut) return [{ type: 'endless', actions: world.step }];
  const violated = verdicts.filter((verdict) => verdict.type === 'violated');
  if (!isBrokenTwin(file)) return violated.map((verdict) => ({ type: 'violated', verdict }));
  if (violated.length === 0) return [{ type: 'twin holds' }];
  const broke = violated.map(({ subject }) => subjectText(subject));
  if (breaks === undefined || broke.includes(breaks)) return [];
  return [{ type: 'other reason', breaks, broke }];
}

/** Whether a scenario is meant to fail, by the name of its file. */
export function isBrokenTwin(file: string): boolean {
  return /\.broken\.[^\\/]*$/.test(file);
}
