/** A workspace protocol in which each function runs under the limits on workspace code. */
import { shown } from '../../kernel/data/shown.ts';
import {
  notAState, type NotPlain, notPlainCode, notPlainMessage,
} from '../../kernel/data/plain-data.ts';
import { halt } from '../../kernel/handler.ts';
import { iterationsMax, limitOf } from '../../kernel/text/execution-limits.ts';
import type { DerivedEvent, Invariant, Protocol, Role } from '../../protocol/types.ts';
import { reworded } from './engine-errors.ts';
import { makePlain } from './plain-state.ts';
import { readOnly } from './read-only.ts';

/** What instrumented code counts and keeps; it is reset before each call by the kernel. */
export interface Meter {
  /** How many loop iterations and function calls are left. */
  budget: number;
  /** Constants of modules that keep a position between calls. */
  readonly patterns: readonly RegExp[];
}

/**
 * The place of a function as `file:line:column`, as call stacks write it: its first line that
 * contains one of the words, else its own.
 */
export type PlaceOf = (code: Code, words: readonly string[]) => string | undefined;

type Code = (...given: any[]) => unknown;

/** Something that a call must not leave behind or return. */
interface Fault {
  readonly message: string;
  readonly path: NotPlain['path'];
}

/** Checks what a call returned or changed. */
type Check = (returned: unknown, given: readonly unknown[]) => Fault | undefined;

const noCheck: Check = () => undefined;
const checkNode: Check = (_, [node]) => stateFault((node as { state: unknown }).state);
const checkInit: Check = (state) => {
  const isObject = typeof state === 'object' && state !== null && !Array.isArray(state);
  if (isObject && notPlainCode(state) === undefined) return stateFault(state);
  return { message: notAState(shown(state, 60)), path: [] };
};
const checkRemember: Check = memoryFault;
const checkProperty: Check = (_, [seen]) => memoryFault((seen as { memory: unknown }).memory);

function stateFault(state: unknown): Fault | undefined {
  const found = makePlain(state);
  return found && { message: notPlainMessage(found, 'node.state', 'states'), path: found.path };
}

function memoryFault(memory: unknown): Fault | undefined {
  const found = makePlain(memory);
  return found && { message: notPlainMessage(found, 'memory', 'memories'), path: found.path };
}

/** The same protocol with guarded functions. `placeOf` finds the line to blame for a fault. */
export function guardProtocol(protocol: Protocol, meter: Meter, placeOf: PlaceOf): Protocol {
  const wrap = <One>(code: One, check: Check, readers?: string): One =>
    (typeof code === 'function'
      ? guarded(code as unknown as Code, check, { meter, placeOf, readers })
      : code) as One;
  const handlers = <Part extends object>(parts: Part) =>
    mapped(parts, (one) => wrap(one, checkNode));
  const summaries = <Part extends object>(parts: Part) =>
    mapped(parts, (one) => wrap(one, noCheck));
  const guardRole = (role: Role<any>): Role<any> => ({
    ...mapped(role, (one, name) => wrap(one, roleChecks[name] ?? noCheck)),
    messages: handlers(role.messages),
    timers: handlers(role.timers),
    ...(role.operations ? { operations: mapped(role.operations, handlers) } : {}),
    ...(role.summary ? { summary: mapped(role.summary, (part) => summaries(part)) } : {}),
  });
  const properties = (readers: string) => (one: Invariant | DerivedEvent) =>
    mapped(one, (code, name) => {
      if (name === 'remember') return wrap(code, checkRemember);
      return name === 'summary' ? wrap(code, noCheck) : wrap(code, checkProperty, readers);
    });
  return {
    ...mapped(protocol, (one) => wrap(one, noCheck)),
    roles: mapped(protocol.roles, guardRole),
    invariants: mapped(protocol.invariants, properties('invariants')),
    ...(protocol.derivedEvents
      ? { derivedEvents: mapped(protocol.derivedEvents, properties('derived events')) }
      : {}),
  };
}

const roleChecks: Readonly<Record<string, Check>> = { init: checkInit, start: checkNode };

interface Guard {
  readonly meter: Meter;
  readonly placeOf: PlaceOf;
  /** Set for code that may only read its observation, as messages name it: `invariants`. */
  readonly readers?: string;
}

function guarded(code: Code, check: Check, { meter, placeOf, readers }: Guard): Code {
  return (...given) => {
    meter.budget = iterationsMax;
    for (const pattern of meter.patterns) pattern.lastIndex = 0;
    let returned: unknown;
    try {
      returned = readers === undefined ? code(...given) : code(readOnly(given[0], readers));
    } catch (error) {
      if (error === halt) throw error;
      const limit = limitOf(error);
      const isRunaway = limit === 'iteration-limit' || limit === 'call-depth-limit';
      if (check === checkNode && isRunaway) shortenLists((given[0] as { state: object }).state);
      // What the call changed before it threw is shown too, so it must be plain data. The error
      // says more than a fault that is found there.
      if (check === checkNode || check === checkProperty) check(undefined, given);
      throw reworded(error);
    }
    const fault = check(returned, given);
    if (fault !== undefined) throw errorAt(code, fault, placeOf);
    return returned;
  };
}

const listItemsMax = 1_000;

/** A loop that ran to the limit may have filled a list with a million items: a few are enough. */
function shortenLists(state: object, depth = 0): void {
  for (const part of Object.values(state) as unknown[]) {
    if (typeof part !== 'object' || part === null || Object.isFrozen(part)) continue;
    if (Array.isArray(part) && part.length > listItemsMax) part.length = listItemsMax;
    if (depth < 8) shortenLists(part, depth + 1);
  }
}

/** An error with a call stack that leads to the function, which has returned already. */
function errorAt(code: Code, { message, path }: Fault, placeOf: PlaceOf): Error {
  const error = new Error(message);
  // The function seldom names the whole path, but one of its last keys is written there.
  const words = path.filter((key) => typeof key === 'string').reverse();
  const place = placeOf(code, words);
  if (place === undefined) return error;
  error.stack = `Error: ${message}\n    at ${code.name || 'function'} (${place})`;
  return error;
}

function mapped<Part extends object>(parts: Part, change: (one: any, name: string) => unknown) {
  return Object.fromEntries(
    Object.entries(parts).map(([name, one]) => [name, change(one, name)]),
  ) as Part;
}
