/** What triggers a breakpoint, and the tables by which each step finds the ones that it hits. */
import type { Expression } from '../../scenario/conditions/condition.ts';
import type { NodeId } from '../../protocol/types.ts';
import type { Plan } from '../../kernel/plan.ts';
import type { HandlerKind } from '../../kernel/seam/moment.ts';
import type { HitRule, Hits } from './hits.ts';
import type { LogMessage } from './log-message.ts';

export type Trigger =
  /** This step of the scenario is about to begin. */
  | { readonly type: 'scenario'; readonly step: number }
  /** A statement of the protocol's source is about to run, by the number of its site. */
  | { readonly type: 'line'; readonly site: number }
  | { readonly type: 'event'; readonly name: string; readonly node?: NodeId }
  /** This invariant or expectation is violated; any, if there is no name. */
  | { readonly type: 'violated'; readonly name?: string }
  /** A handler throws. */
  | { readonly type: 'thrown' }
  /** A message, timer or operation is about to be handled, by its name. */
  | {
      readonly type: 'function';
      readonly kind: HandlerKind;
      readonly name: string;
      readonly node?: NodeId;
    }
  /** A part of a node's state changes. */
  | { readonly type: 'data'; readonly node: number; readonly path: readonly string[] };

/** How a breakpoint was set, which is how the client names its stop. */
export type Origin = 'line' | 'function' | 'exception' | 'data';

export interface Breakpoint {
  readonly id: number;
  readonly origin: Origin;
  readonly trigger: Trigger;
  readonly condition?: Expression;
  readonly hitRule?: HitRule;
  readonly hits: Hits;
  readonly log?: LogMessage;
  /** Its line, for the output of a log point. An empty file is the scenario. */
  readonly place?: { readonly file: string; readonly line: number };
}

export type OfType<Type> = Breakpoint & { readonly trigger: Extract<Trigger, { type: Type }> };

/** A watched part of a node's state, and its value after the step before. */
export interface Watched {
  readonly breakpoint: Breakpoint;
  readonly node: number;
  readonly path: readonly string[];
  last: unknown;
}

/** Breakpoints by their triggers. An empty table is null, so that a step skips it at once. */
export interface Tables {
  readonly events: ReadonlyMap<string, readonly OfType<'event'>[]> | null;
  /** By the handler's function. */
  readonly handlers: ReadonlyMap<unknown, readonly Breakpoint[]> | null;
  /** By the number of the site. */
  readonly lines: ReadonlyMap<number, readonly OfType<'line'>[]> | null;
  readonly steps: readonly OfType<'scenario'>[] | null;
  readonly violated: readonly OfType<'violated'>[] | null;
  readonly thrown: readonly Breakpoint[] | null;
  readonly data: readonly Watched[] | null;
}

export function tablesOf(plan: Plan, breakpoints: readonly Breakpoint[]): Tables {
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
    violated: orNull(of('violated')),
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
    const handled = breakpoints.filter(
      ({ trigger }) => trigger.kind === kind && trigger.name === name,
    );
    if (handled.length > 0) {
      table.set(code, [...new Set([...(table.get(code) ?? []), ...handled])]);
    }
  }
  return table;
}

/** Whether a trigger is at a handler that is about to run on a node. */
export function isAtHandler(
  trigger: Trigger,
  { kind, name }: { readonly kind: HandlerKind; readonly name: string },
  node: NodeId,
): boolean {
  if (trigger.type !== 'function') return true;
  return trigger.kind === kind && trigger.name === name && (trigger.node ?? node) === node;
}

/** The handlers of every role that a node has or may have: function, kind and name. */
export function handlersOf(plan: Plan): [unknown, HandlerKind, string][] {
  const joining = Object.values(plan.setup.protocol.roles).filter(({ joins }) => joins === true);
  const roles = new Set([...plan.cast.map((cast) => cast.role), ...joining]);
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
    ...(['opened', 'ended'] as const).flatMap((name): [unknown, HandlerKind, string][] => {
      const code = role.connection?.[name];
      return code === undefined ? [] : [[code, 'connection', name]];
    }),
    ...(role.start ? [[role.start, 'start', 'start'] as [unknown, HandlerKind, string]] : []),
  ]);
}

/** The part of a state at a path; undefined if there is none. */
export function partAt(state: unknown, path: readonly string[]): unknown {
  let part = state;
  for (const key of path) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, key)) return undefined;
    part = (part as Record<string, unknown>)[key];
  }
  return part;
}
