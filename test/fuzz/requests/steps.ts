/** A sequence of requests as data: it is generated, shrunk, printed and pasted into a test. */

/** What to wait for after a request, before the next one is sent. */
export type Then =
  /** The response. */
  | 'answer'
  /** The response and, if it begins a motion, the stop to which it leads. */
  | 'stop'
  /** Nothing: the next request follows at once. */
  | 'none';

/**
 * A command, its arguments as JSON, and what to wait for. In the arguments a string such as
 * `"@frame:2"` stands for what the adapter has named so far: its third frame.
 */
export type Step = readonly [command: string, args: string | undefined, then: Then];

export interface Failure {
  /** The same for every instance of one fault. */
  readonly signature: string;
  readonly message: string;
  /** The step that failed; the number of steps for what showed only afterwards. */
  readonly step: number;
}

/** The steps as they can be pasted into `known.test.ts`. */
export function printed(steps: readonly Step[]): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = steps.map(([command, args, then]) => {
    const given = args === undefined ? 'undefined' : quoted(args);
    return `  [${quoted(command)}, ${given}, '${then}'],`;
  });
  return `[\n${lines.join('\n')}\n]`;
}

/** Simpler forms of one step: without an argument, with a simpler one, waiting for its response. */
export function simplerSteps([command, args, then]: Step): Step[] {
  const simpler: Step[] = [];
  if (then !== 'answer') simpler.push([command, args, 'answer']);
  if (args === undefined) return simpler;
  const value: unknown = JSON.parse(args);
  for (const smaller of smallerValues(value)) simpler.push([command, jsonText(smaller), then]);
  return simpler;
}

function* smallerValues(value: unknown): Generator<unknown> {
  if (typeof value === 'string' && value.length > 40) yield value.slice(0, value.length / 2);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && at < 8; at++) yield value.filter((_, i) => i !== at);
    if (value.length > 8) yield value.slice(0, value.length / 2);
    for (let at = 0; at < Math.min(4, value.length); at++) {
      for (const smaller of smallerValues(value[at])) yield value.with(at, smaller);
    }
    return;
  }
  const entries = Object.entries(value);
  for (const [key] of entries) yield fromEntries(entries.filter(([other]) => other !== key));
  for (const [key, part] of entries) {
    for (const smaller of smallerValues(part)) {
      yield fromEntries(entries.map(([k, v]) => [k, k === key ? smaller : v]));
    }
  }
}

/** An object with exactly these properties, `__proto__` among them if it is named. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): object {
  const made = {};
  for (const [key, value] of entries) {
    Object.defineProperty(made, key, { value, enumerable: true, writable: true });
  }
  return made;
}

/** JSON that keeps numbers beyond the largest one, which `JSON.parse` reads as infinite. */
export function jsonText(value: unknown): string {
  if (value === Infinity) return '1e999';
  if (value === -Infinity) return '-1e999';
  if (Object.is(value, -0)) return '-0';
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(
      ([key, part]) => `${JSON.stringify(key)}:${jsonText(part)}`,
    );
    return `{${parts.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
