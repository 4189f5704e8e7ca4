/** Checks the arguments of a launch: users write launch configurations by hand. */
import type { FoundEnd } from '../../session/stop.ts';
import { type Expected, RequestRefusal } from '../refusal.ts';

export interface LaunchArguments {
  readonly program: string;
  /** Whether to stop before the first action; undefined: only if nothing else asks for a stop. */
  readonly stopOnEntry?: boolean;
  readonly noDebug: boolean;
  readonly seed?: number;
  readonly breakOn?: readonly Preset[];
  /** Settings of the scenario to override, by their names. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Whether the client draws panels. */
  readonly panels?: boolean;
  /** The folder that contains a protocol and all that it imports; undefined: it is searched. */
  readonly root?: string;
  /** A run from the start that a search found: the session opens it, one action before its end. */
  readonly finding?: LaunchedFinding;
  /** Whether code of the workspace may run; undefined if the client does not support trust. */
  readonly trusted?: boolean;
}

export interface LaunchedFinding {
  readonly actions: readonly object[];
  /** What it breaks, in words. */
  readonly promise: string;
  readonly ends: FoundEnd;
}

/** An event or an invariant at which to stop, from the first run on. */
export interface Preset {
  readonly event: string;
  readonly condition?: string;
}

export function launchArguments(given: unknown): LaunchArguments {
  const fields = fieldsOf(given, 'The launch configuration');
  const { program, seed, breakOn, args, root } = fields;
  if (typeof program !== 'string' || program === '') {
    throw wrong('"program"', 'scenario path', program);
  }
  if (seed !== undefined && !(Number.isSafeInteger(seed) && (seed as number) >= 0)) {
    throw wrong('"seed"', 'non-negative integer', seed);
  }
  if (root !== undefined && typeof root !== 'string') {
    throw wrong('"root"', 'folder path', root);
  }
  return {
    program,
    ...(root === undefined ? {} : { root }),
    noDebug: truth(fields, 'noDebug', false),
    args: args === undefined ? {} : fieldsOf(args, '"args"'),
    ...(seed === undefined ? {} : { seed: seed as number }),
    ...(breakOn === undefined ? {} : { breakOn: presets(breakOn) }),
    ...(fields.stopOnEntry === undefined
      ? {}
      : { stopOnEntry: truth(fields, 'stopOnEntry', true) }),
    ...(fields.trusted === undefined ? {} : { trusted: truth(fields, 'trusted', false) }),
    ...(fields.finding === undefined ? {} : { finding: finding(fields.finding) }),
    ...(fields.panels === undefined ? {} : { panels: truth(fields, 'panels', false) }),
  };
}

function finding(given: unknown): LaunchedFinding {
  const fields = fieldsOf(given, '"finding"');
  const { actions, promise } = fields;
  checkActions(actions, '"actions" in "finding"');
  if (typeof promise !== 'string') throw wrong('"promise" in "finding"', 'string', promise);
  const { ends = 'broken' } = fields;
  if (ends !== 'broken' && ends !== 'broken at its end' && ends !== 'reached') {
    throw wrong('"ends" in "finding"', 'end of a finding', ends);
  }
  return { actions: actions as object[], promise, ends };
}

/** A client gives back actions that it was sent: they must look like some. */
export function checkActions(given: unknown, name: string): void {
  const isAction = (one: unknown) => {
    const { type, at } = (one ?? {}) as { readonly type?: unknown; readonly at?: unknown };
    return typeof type === 'string' && Number.isSafeInteger(at) && (at as number) >= 0;
  };
  if (!Array.isArray(given) || !given.every(isAction)) throw wrong(name, 'actions', given);
}

function presets(given: unknown): Preset[] {
  if (!Array.isArray(given)) throw wrong('"breakOn"', 'event names', given);
  return given.map((one: unknown) => {
    if (typeof one === 'string') return { event: one };
    const { event, condition } = fieldsOf(one, 'An entry of "breakOn"');
    if (typeof event !== 'string')
      throw wrong('"event" in "breakOn"', 'event name', event);
    if (condition === undefined) return { event };
    if (typeof condition === 'string') return { event, condition };
    throw wrong('"condition" in "breakOn"', 'condition', condition);
  });
}

function truth(fields: Record<string, unknown>, name: string, otherwise: boolean): boolean {
  const value = fields[name] ?? otherwise;
  if (typeof value !== 'boolean') throw wrong(`"${name}"`, 'truth value', value);
  return value;
}

function fieldsOf(given: unknown, what: string): Record<string, unknown> {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    return given as Record<string, unknown>;
  }
  throw wrong(what, 'object', given);
}

function wrong(name: string, expected: Expected, found: unknown): RequestRefusal {
  return new RequestRefusal({ code: 'setting', name, expected, found });
}
