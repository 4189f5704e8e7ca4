// Compares what a simulated server did in each step with what the real server was observed to do.
import type { Data, Observation, Outcome, Step, Transcript } from './adapter.ts';

/** A step in which the simulation did something that the real server never did. */
export interface Difference {
  /** Undefined if the replay as a whole failed. */
  readonly step: Step | undefined;
  readonly expected: string;
  readonly got: string;
}

export function differencesOf(
  { steps, observed }: Transcript,
  outcomes: readonly Outcome[],
): Difference[] {
  const byStep = new Map(outcomes.map((outcome) => [outcome.step, outcome]));
  return observed.flatMap((observation): Difference[] => {
    const outcome = byStep.get(observation.step);
    if (outcome !== undefined && isAsObserved(observation, outcome)) return [];
    return [
      {
        step: steps.find(({ n }) => n === observation.step),
        expected: expectedText(observation),
        got: outcome === undefined ? 'no result' : gotText(observation, outcome),
      },
    ];
  });
}

function isAsObserved(observation: Observation, outcome: Outcome): boolean {
  const { ms } = observation;
  if (ms !== undefined) {
    if (outcome.ms === undefined) return false;
    if (Math.abs(outcome.ms - ms.typical) > ms.tolerance) return false;
  }
  return resultsOf(observation).some((result) => isAlike(result, outcome.result));
}

function resultsOf({ result, varies }: Observation): readonly Data[] {
  return varies?.map((one) => one.result) ?? [result ?? null];
}

/** Equal, whatever the order of an object's fields. */
export function isAlike(recorded: Data, simulated: Data): boolean {
  if (typeof recorded === 'string' && typeof simulated === 'string') {
    return recorded === simulated || isAboutAsMuch(recorded, simulated);
  }
  if (Array.isArray(recorded) || Array.isArray(simulated)) {
    if (!Array.isArray(recorded) || !Array.isArray(simulated)) return false;
    if (recorded.length !== simulated.length) return false;
    return recorded.every((item: Data, i) => isAlike(item, simulated[i] as Data));
  }
  if (!isRecord(recorded) || !isRecord(simulated)) return recorded === simulated;
  const names = Object.keys(recorded);
  if (names.length !== Object.keys(simulated).length) return false;
  return names.every(
    (name) => Object.hasOwn(simulated, name) && isAlike(recorded[name], simulated[name]),
  );
}

function isRecord(data: Data): data is { readonly [name: string]: Data } {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

/** Recorded times to live are rounded, `about 3100`; the recorder itself took some of the time. */
function isAboutAsMuch(recorded: string, simulated: string): boolean {
  const [real, own] = [recorded, simulated].map((text) => /^about (\d+)$/.exec(text)?.[1]);
  if (real === undefined || own === undefined) return false;
  return Math.abs(Number(real) - Number(own)) <= 100;
}

function expectedText(observation: Observation): string {
  const results = resultsOf(observation).map((result) => JSON.stringify(result)).join(' or ');
  const { ms } = observation;
  return ms === undefined ? results : `${results} after ${ms.typical} ± ${ms.tolerance} ms`;
}

function gotText({ ms: timing }: Observation, { result, ms }: Outcome): string {
  const text = JSON.stringify(result);
  if (timing === undefined) return text;
  return ms === undefined ? `${text}, without its time` : `${text} after ${Math.round(ms)} ms`;
}
