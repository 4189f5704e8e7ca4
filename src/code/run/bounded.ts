/** A protocol of the workspace, each of its functions held to what may come of a call. */
import { halt } from '../../kernel/handler.ts';
import type { DerivedEvent, Invariant, Protocol, Role } from '../../protocol/types.ts';
import { lookedAt } from './read-only.ts';
import { kindOf, plainFault } from './plain-state.ts';
import { beginningsMost, isEndless, type Recorder } from './recorder.ts';

/** Where a function begins, or the first line of it that has a word: `file:line:column`. */
export type PlaceOf = (code: Code, word: string) => string | undefined;

type Code = (...given: any[]) => unknown;
type Check = (result: unknown, given: readonly unknown[]) => string | undefined;

const ofResult: Check = (state) => {
  const isObject = typeof state === 'object' && state !== null && !Array.isArray(state);
  if (isObject && kindOf(state) === undefined) return plainFault(state, 'node.state');
  const kind = Array.isArray(state) ? 'a list' : (kindOf(state) ?? `a ${typeof state}`);
  const it = state === null || state === undefined ? String(state) : kind;
  return `\`init\` answers ${it}: a state is an object, such as { count: 0 }`;
};
const ofNode: Check = (_, [node]) => plainFault((node as { state: unknown }).state, 'node.state');
const ofMemory: Check = (_, [seen]) => plainFault((seen as { memory: unknown }).memory, 'memory');
const ofRemembered: Check = (memory) => plainFault(memory, 'memory');
const ofNothing: Check = () => undefined;

/** The same protocol; `placeOf` tells where it stands what a call leaves behind and must not. */
export function bounded(protocol: Protocol, recorder: Recorder, placeOf: PlaceOf): Protocol {
  const wrap = <One>(code: One, check: Check): One =>
    (typeof code === 'function' ? guarded(code as unknown as Code, check) : code) as One;
  const guarded = (code: Code, check: Check): Code => {
    return (...given) => {
      recorder.left = beginningsMost;
      for (const pattern of recorder.patterns) pattern.lastIndex = 0;
      let result: unknown;
      try {
        result = check === ofMemory ? code(lookedAt(given[0])) : code(...given);
      } catch (error) {
        if (error === halt) throw error;
        if (check === ofNode && isEndless(error)) cutLists(given[0] as { state: object });
        if (check === ofNode || check === ofMemory) check(undefined, given);
        throw inPlainWords(error);
      }
      const fault = check(result, given);
      if (fault !== undefined) throw faultAt(code, fault, placeOf);
      return result;
    };
  };
  const each = <Part extends object>(parts: Part, change: (one: any, name: string) => unknown) =>
    Object.fromEntries(
      Object.entries(parts).map(([name, one]) => [name, change(one, name)]),
    ) as Part;
  const handlers = <Part extends object>(parts: Part) => each(parts, (one) => wrap(one, ofNode));
  const roleOf = (role: Role<any>): Role<any> => ({
    ...each(role, (one, name) => wrap(one, checks[name] ?? ofNothing)),
    messages: handlers(role.messages),
    timers: handlers(role.timers),
    ...(role.operations ? { operations: each(role.operations, handlers) } : {}),
  });
  const property = (one: Invariant | DerivedEvent) =>
    each(one, (code, name) => wrap(code, name === 'remember' ? ofRemembered : ofMemory));
  return {
    ...each(protocol, (one) => wrap(one, ofNothing)),
    roles: each(protocol.roles, roleOf),
    invariants: each(protocol.invariants, property),
    ...(protocol.derivedEvents
      ? { derivedEvents: each(protocol.derivedEvents, property) }
      : {}),
  };
}

/** Of lists that grew without end as much is left as somebody looks at. */
function cutLists({ state }: { state: object }, depth = 0): void {
  for (const part of Object.values(state) as unknown[]) {
    if (typeof part !== 'object' || part === null || Object.isFrozen(part)) continue;
    if (Array.isArray(part) && part.length > listMost) part.length = listMost;
    if (depth < 8) cutLists({ state: part }, depth + 1);
  }
}

const listMost = 1_000;

const checks: Readonly<Record<string, Check>> = { init: ofResult, start: ofNode };

function faultAt(code: Code, fault: string, placeOf: PlaceOf): Error {
  const error = new Error(fault);
  const [, word = ''] = /^[\w.]+?\.(\w+) /.exec(fault) ?? [];
  const place = placeOf(code, word);
  if (place === undefined) return error;
  error.stack = `Error: ${fault}\n    at ${code.name || 'function'} (${place})`;
  return error;
}

/**
 * What engines say of what is frozen, with the reason. The whole text of a function, which they
 * show, is no name of it.
 */
function inPlainWords(error: unknown): unknown {
  if (error instanceof RangeError && isEndless(error)) {
    const { message, stack = '' } = error;
    error.message = 'it does not end: its functions call each other without end';
    error.stack = stack.replace(message, () => error.message);
    return error;
  }
  if (!(error instanceof TypeError) || !ofFrozen.test(error.message)) return error;
  const { message, stack = '' } = error;
  const plain = message.replace(
    / of function '(?:class|function)?\s*([\w$]*)[^]*'$/,
    (_, name: string) => ` of ${name || 'a function'}`,
  );
  const why = 'what a module declares and what was sent never changes';
  error.message = `${plain}: ${why}; change node.state, or a copy`;
  error.stack = stack.replace(message, () => error.message);
  return error;
}

const ofFrozen = /^Cannot (assign to read only property|add property|delete property|redefine)/;
