/** The arguments of a launch, checked: a configuration is written by hand. */
import { Refusal } from '../refusal.ts';

export interface LaunchArguments {
  readonly program: string;
  /** Whether to stop before the first action; unsaid, only where nothing else asks for a stop. */
  readonly stopOnEntry?: boolean;
  readonly noDebug: boolean;
  readonly seed?: number;
  readonly breakOn?: readonly Preset[];
  /** Settings of the scenario to replace, by their names. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Whether the client draws panels. */
  readonly panels?: boolean;
  /** The folder above which no import of a protocol leads. */
  readonly workspace?: string;
  /** Whether code of the workspace may run; false refuses it. */
  readonly trusted?: boolean;
}

/** An event, or an invariant, at which to stop from the first run on. */
export interface Preset {
  readonly event: string;
  readonly condition?: string;
}

export function launchArguments(given: unknown): LaunchArguments {
  const fields = fieldsOf(given, 'the launch configuration');
  const { program, seed, breakOn, args, workspace } = fields;
  if (typeof program !== 'string' || program === '') {
    throw wrong('"program"', 'the path of a scenario, a *.scenario.yaml file', program);
  }
  if (seed !== undefined && !(Number.isSafeInteger(seed) && (seed as number) >= 0)) {
    throw wrong('"seed"', 'a whole number from 0 on', seed);
  }
  if (workspace !== undefined && typeof workspace !== 'string') {
    throw wrong('"workspace"', 'the path of a folder', workspace);
  }
  return {
    program,
    ...(workspace === undefined ? {} : { workspace }),
    noDebug: truth(fields, 'noDebug', false),
    args: args === undefined ? {} : fieldsOf(args, '"args"'),
    ...(seed === undefined ? {} : { seed: seed as number }),
    ...(breakOn === undefined ? {} : { breakOn: presets(breakOn) }),
    ...(fields.stopOnEntry === undefined
      ? {}
      : { stopOnEntry: truth(fields, 'stopOnEntry', true) }),
    ...(fields.trusted === undefined ? {} : { trusted: truth(fields, 'trusted', false) }),
    ...(fields.panels === undefined ? {} : { panels: truth(fields, 'panels', false) }),
  };
}

function presets(given: unknown): Preset[] {
  if (!Array.isArray(given)) throw wrong('"breakOn"', 'a list of event names', given);
  return given.map((one: unknown) => {
    if (typeof one === 'string') return { event: one };
    const { event, condition } = fieldsOf(one, 'an entry of "breakOn"');
    if (typeof event !== 'string')
      throw wrong('"event" in "breakOn"', 'the name of an event', event);
    if (condition === undefined) return { event };
    if (typeof condition === 'string') return { event, condition };
    throw wrong('"condition" in "breakOn"', 'a CEL expression', condition);
  });
}

function truth(fields: Record<string, unknown>, name: string, otherwise: boolean): boolean {
  const value = fields[name] ?? otherwise;
  if (typeof value !== 'boolean') throw wrong(`"${name}"`, 'true or false', value);
  return value;
}

function fieldsOf(given: unknown, what: string): Record<string, unknown> {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    return given as Record<string, unknown>;
  }
  throw wrong(what, 'an object', given);
}

function wrong(what: string, expected: string, found: unknown): Refusal {
  const is = found === undefined ? 'missing' : JSON.stringify(found);
  return new Refusal(`${what} must be ${expected}; it is ${is}.`, true);
}
