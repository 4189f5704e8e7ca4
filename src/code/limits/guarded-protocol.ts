/** A workspace protocol in which each function runs under the limits on workspace code. */
import { shown } from '../../kernel/data/shown.ts';
import {
  notAState, type NotPlain, notPlainCode, notPlainMessage,
} from '../../kernel/data/plain-data.ts';
import { halt } from '../../kernel/handler.ts';
import { iterationsMax, limitOf } from '../../kernel/text/execution-limits.ts';
import { seal } from '../../kernel/data/seal.ts';
import { specificationsOf } from '../../scenario/history/specifications.ts';
import type { Specification, Transactions } from '../../protocol/history.ts';
import {
  effectFault, keyFault, specifiedFault, transactionFault,
} from './specified-values.ts';
import type { DerivedEvent, Invariant, Protocol, Role } from '../../protocol/types.ts';
import { reworded } from './engine-errors.ts';
import type { NativeCalls } from './native-calls.ts';
import { readNodes } from './observed-nodes.ts';
import { PlainTrees } from './plain-state.ts';
import { readOnly } from './read-only.ts';
import { startTracing, tracedWhole } from './traced-reads.ts';
import { isView, targetOf } from './views.ts';
import { startWriting, type Written, writtenObjects, writtenTargets } from './written.ts';

/** What instrumented code counts and keeps; it is reset before each call by the kernel. */
export interface Meter {
  /** How many loop iterations and function calls are left. */
  budget: number;
  readonly native: NativeCalls;
  /** Constants of modules that keep a position between calls. */
  readonly patterns: readonly RegExp[];
}

/** The protocol's code as it was instrumented. */
export interface Instrumentation {
  readonly meter: Meter;
  /** Whether the code reports every object that it changes. */
  readonly reportsWrites: boolean;
  /** Finds the line to blame for a fault. */
  readonly placeOf: PlaceOf;
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

/** Checks what a call returned or changed. `written` is undefined if not all changes are known. */
type Check = (
  returned: unknown,
  given: readonly unknown[],
  written: Written | undefined,
) => Fault | undefined;

const states = new PlainTrees();
/** An invariant may store a part of a state that it reads; the memory then gets a copy. */
const memories = new PlainTrees({ has: (one) => states.has(one) || isView(one) });

const noCheck: Check = () => undefined;
const checkNode: Check = (_, [node], written) =>
  stateFault((node as { state: unknown }).state, written);
const checkInit: Check = (state) => {
  const isFields = isObject(state) && !Array.isArray(state);
  const code = notPlainCode(state);
  if (isFields && (code === undefined || code === 'symbol-key')) return stateFault(state);
  return { message: notAState(shown(state, 60)), path: [] };
};
const checkRemember: Check = (memory) => memoryFault(memory);
const checkProperty: Check = (_, [seen], written) =>
  memoryFault((seen as { memory: unknown }).memory, written);

function stateFault(state: unknown, written?: Written): Fault | undefined {
  const found = states.check(state, written);
  return found && { message: notPlainMessage(found, 'node.state', 'states'), path: found.path };
}

function memoryFault(memory: unknown, written?: Written): Fault | undefined {
  const isTraced = isObject(memory) && isView(memory);
  const own = isTraced ? targetOf(memory) : memory;
  const found = memories.check(own, isTraced && written ? writtenTargets() : written);
  return found && { message: notPlainMessage(found, 'memory', 'memories'), path: found.path };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The same protocol with guarded functions. */
export function guardProtocol(protocol: Protocol, code: Instrumentation): Protocol {
  const wrap = <One>(one: One, check: Check, readers?: string, frozen?: string): One =>
    (typeof one === 'function'
      ? guarded(one as unknown as Code, check, { ...code, readers, frozen })
      : one) as One;
  const handlers = <Part extends object>(parts: Part) =>
    mapped(parts, (one) => wrap(one, checkNode));
  const operation = <Part extends object>(parts: Part) =>
    mapped(parts, (one, name) => wrap(one, name === 'run' ? checkNode : noCheck));
  const summaries = <Part extends object>(parts: Part) =>
    mapped(parts, (one) => wrap(one, noCheck));
  const connectionPart = (one: unknown, name: string) =>
    wrap(one, connectionChecks[name] ?? noCheck);
  const rolePart = (one: unknown, name: string) => {
    const part = wrap(one, roleChecks[name] ?? noCheck);
    return name === 'look' && typeof part === 'function' ? guardedLook(part as Code, wrap) : part;
  };
  const guardRole = (role: Role<any>): Role<any> => ({
    ...mapped(role, rolePart),
    messages: handlers(role.messages),
    timers: handlers(role.timers),
    ...(role.connection
      ? { connection: mapped(role.connection, connectionPart) }
      : {}),
    ...(role.operations ? { operations: mapped(role.operations, operation) } : {}),
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
    ...(protocol.specification
      ? { specification: mapped(specificationsOf(protocol), guardedSpecification(wrap)) }
      : {}),
    ...(protocol.transactions
      ? { transactions: guardedTransactions(protocol.transactions, wrap) }
      : {}),
    ...(protocol.derivedEvents
      ? { derivedEvents: mapped(protocol.derivedEvents, properties('derived events')) }
      : {}),
  };
}

type Wrap = <One>(one: One, check: Check, readers?: string, frozen?: string) => One;

/** A step must not change the state that it is given: states are frozen. */
function guardedSpecification(wrap: Wrap) {
  const returned = 'return a changed copy of the state, such as [...state, value]';
  const checkStep: Check = (state) => {
    return state === undefined ? undefined : specifiedFault(state, 'step');
  };
  return ({ init, step, key, ...rest }: Specification): Specification => {
    const first = wrap(init, (state) => specifiedFault(state, 'init'));
    const next = wrap(step, checkStep, undefined, `states and operations are frozen; ${returned}`);
    return {
      ...rest,
      ...(key && { key: wrap(key, keyFault, undefined, 'operations are frozen') }),
      init: () => seal(first(), 'the state', 'states'),
      step: (state, operation) => seal(next(state, operation), 'the state', 'states'),
    };
  };
}

function guardedTransactions(
  { remember, effect, transaction, ...rest }: Transactions,
  wrap: Wrap,
): Transactions {
  const frozen = 'operations are frozen; change `memory`, or a copy';
  const checkEffect: Check = (found, [, memory]) => effectFault(found) ?? memoryFault(memory);
  return {
    ...rest,
    ...(remember && { remember: wrap(remember, checkRemember) }),
    ...(transaction && { transaction: wrap(transaction, transactionFault, undefined, frozen) }),
    effect: wrap(effect, checkEffect, undefined, frozen),
  };
}

/** `entry` of a log runs later than the `look` that returned it, and under the same limits. */
function guardedLook(look: Code, wrap: (code: Code, check: Check) => Code): Code {
  return (...given) => {
    const shows = look(...given);
    const { log } = isObject(shows) ? (shows as { log?: unknown }) : {};
    const { entry } = isObject(log) ? (log as { entry?: unknown }) : {};
    if (typeof entry !== 'function') return shows;
    const guardedLog = { ...(log as object), entry: wrap(entry as Code, noCheck) };
    return { ...(shows as object), log: guardedLog };
  };
}

const roleChecks: Readonly<Record<string, Check>> = { init: checkInit, start: checkNode };

const connectionChecks: typeof roleChecks = { opened: checkNode, ended: checkNode };

interface Guard extends Instrumentation {
  /** Set for code that may only read its observation, as messages name it: `invariants`. */
  readonly readers?: string;
  /** What to do instead of changing a frozen value. */
  readonly frozen?: string;
}

function guarded(code: Code, check: Check, guard: Guard): Code {
  const { meter, placeOf, reportsWrites, frozen } = guard;
  const written = reportsWrites ? writtenObjects() : undefined;
  return (...given) => {
    startWriting();
    startTracing(given[0]);
    meter.budget = iterationsMax;
    meter.native.reset();
    for (const pattern of meter.patterns) pattern.lastIndex = 0;
    let returned: unknown;
    try {
      returned = called(code, given, guard);
    } catch (error) {
      if (error === halt) throw error;
      const limit = limitOf(error);
      const isRunaway =
        limit === 'iteration-limit' || limit === 'native-limit' || limit === 'call-depth-limit';
      if (check === checkNode && isRunaway) shortenLists((given[0] as { state: object }).state);
      // What the call changed before it threw is shown too, so it must be plain data. The error
      // says more than a fault that is found there.
      if (check === checkNode || check === checkProperty) check(undefined, given, written);
      throw reworded(error, frozen);
    }
    const fault = check(returned, given, written);
    if (fault !== undefined) throw errorAt(code, fault, placeOf);
    return returned;
  };
}

function called(code: Code, given: readonly any[], { readers, reportsWrites }: Guard): unknown {
  if (readers === undefined) return code(...given);
  if (!reportsWrites) return code(tracedWhole(readOnly(given[0], readers), given[0]));
  return readNodes(given[0], readers, states, code);
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
