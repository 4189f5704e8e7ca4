/** The names that a saved scenario may have, the plain one first: no file is ever overwritten. */

/** `NAME.scenario.yaml`, `NAME-2.scenario.yaml` and so on. */
export function* scenarioFileNames(name: string): Generator<string, never, undefined> {
  yield `${name}.scenario.yaml`;
  for (let number = 2; ; number++) yield `${name}-${number}.scenario.yaml`;
}
