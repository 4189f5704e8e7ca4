/** What a breakpoint waits for, and the tables by which each step finds those that it meets. */
import type { Expression } from '../../scenario/conditions/condition.ts';
import type { Plan } from '../../kernel/plan.ts';
import type { HandlerKind } from '../../kernel/seam/moment.ts';
import type { HitRule, Hits } from './hits.ts';
import type { LogMessage } from './log-message.ts';

export type Trigger =
  /** The scenario comes to this step of it. */
  | { readonly type: 'scenario'; readonly step: number }
  /** A statement of the protocol's source is about to run, by the number of its site. */
  | { readonly type: 'line'; readonly site: number }
  | { readonly type: 'event'; readonly name: string; readonly node?: number }
  | { readonly type: 'broken'; readonly name?: string }
  | { readonly type: 'thrown' }
  /** A message, timer or operation is about to be handled, by its name. */
  | {
      readonly type: 'function';
      readonly kind: HandlerKind;
      readonly name: string;
      readonly node?: number;
    }
  /** A part of a node's state changes. */
  | { readonly type: 'data'; readonly node: number; readonly path: readonly string[] };

/** How a breakpoint was set: what the client names the stop by. */
export type Origin = 'line' | 'function' | 'exception' | 'data';

export interface Breakpoint {
  readonly id: number;
  readonly origin: Origin;
  readonly trigger: Trigger;
  readonly condition?: Expression;
  readonly hitRule?: HitRule;
  readonly hits: Hits;
  readonly log?: LogMessage;
  /** Where it stands, for the output of a log point. */
  readonly place?: { readonly file: string; readonly line: number };
}

export type OfType<Type> = Breakpoint & { readonly trigger: Extract<Trigger, { type: Type }> };

/** A watched part of a node's state, and what it was after the step before. */
export interface Watched {
  readonly breakpoint: Breakpoint;
  readonly node: number;
  readonly path: readonly string[];
  last: unknown;
}

/** Breakpoints by what sets them off; empty tables are null, so that a step passes them at once. */
export interface Tables {
  readonly events: ReadonlyMap<string, readonly OfType<'event'>[]> | null;
  /** By the code of the handler. */
  readonly handlers: ReadonlyMap<unknown, readonly Breakpoint[]> | null;
  /** By the site. */
  readonly lines: ReadonlyMap<number, readonly OfType<'line'>[]> | null;
  readonly steps: readonly OfType<'scenario'>[] | null;
  readonly broken: readonly OfType<'broken'>[] | null;
  readonly thrown: readonly Breakpoint[] | null;
  readonly data: readonly Watched[] | null;
}

export function tablesOf(
  plan: Plan,
  breakpoints: readonly Breakpoint[],
): Tables {
  const of = <Type extends Trigger['type']>(type: Type): OfType<Type>[] =>
    breakpoints.filter((one): one is OfType<Type> => one.trigger.type === type);
  const orNull = <T>(list: readonly T[]) => (list.length > 0 ? list : null);
  const events = new Map<string, OfType<'event'>[]>();
  for (const one of of('event')) {
    events.set(one.trigger.name, [...(events.get(one.trigger.name) ?? []), one]);
  }
  const lines = new Map<number, OfType<'line'>[]>();
  for (const one of of('line')) {
    lines.set(one.trigger.site, [...(lines.get(one.trigger.site) ?? []), one]);
  }
  const handlers = handlerTable(plan, of('function'));
  return {
    events: events.size > 0 ? events : null,
    handlers: handlers.size > 0 ? handlers : null,
    lines: lines.size > 0 ? lines : null,
    steps: orNull(of('scenario')),
    broken: orNull(of('broken')),
    thrown: orNull(of('thrown')),
    data: orNull(
      of('data').map((breakpoint) => ({ ...breakpoint.trigger, breakpoint, last: undefined })),
    ),
  };
}

function handlerTable(
  plan: Plan,
  breakpoints: readonly OfType<'function'>[],
): Map<unknown, Breakpoint[]> {
  const table = new Map<unknown, Breakpoint[]>();
  if (breakpoints.length === 0) return table;
  for (const [code, kind, name] of handlersOf(plan)) {
    const met = breakpoints.filter(
      ({ trigger }) => trigger.kind === kind && trigger.name === name,
    );
    if (met.length > 0) table.set(code, [...new Set([...(table.get(code) ?? []), ...met])]);
  }
  return table;
}

/** The handlers of every role of the cast: code, kind and name. */
export function handlersOf(plan: Plan): [unknown, HandlerKind, string][] {
  const roles = new Set(plan.cast.map((cast) => cast.role));
  return [...roles].flatMap((role): [unknown, HandlerKind, string][] => [
    ...Object.entries(role.messages).map(([name, code]): [unknown, HandlerKind, string] => [
      code,
      'message',
      name,
    ]),
    ...Object.entries(role.timers).map(([name, code]): [unknown, HandlerKind, string] => [
      code,
      'timer',
      name,
    ]),
    ...Object.entries(role.operations ?? {}).map(
      ([name, { run }]): [unknown, HandlerKind, string] => [run, 'operation', name],
    ),
    ...(role.start ? [[role.start, 'start', 'start'] as [unknown, HandlerKind, string]] : []),
  ]);
}

/** The part of a state at a path; undefined where there is none. */
export function partAt(state: unknown, path: readonly string[]): unknown {
  let part = state;
  for (const key of path) {
    if (typeof part !== 'object' || part === null) return undefined;
    part = (part as Record<string, unknown>)[key];
  }
  return part;
}
