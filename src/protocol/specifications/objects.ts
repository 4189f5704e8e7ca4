/** Specifications of registers, queues, locks, sets and counters, for histories of any origin. */
import type { HistoryOperation, Specification } from '../history.ts';
import type { Json } from '../types.ts';

/** The value at the start is null unless another one is given. */
export function register(initial: Json = null): Specification<Json> {
  return {
    doc: 'A register: a read returns the value of the last write.',
    key: keyOf,
    init: () => initial,
    step: registerStep,
  };
}

/** A compare-and-set returns whether it took place; it does if the register has that value. */
export function casRegister(initial: Json = null): Specification<Json> {
  return {
    doc: 'A register with compare-and-set, which takes effect if the register has a given value.',
    key: keyOf,
    init: () => initial,
    step: casRegisterStep,
  };
}

/** `missing` is what a get returns of a key that was never put; appending starts at "". */
export function keyValue(missing: Json = null): Specification<Json> {
  return {
    doc: 'A key-value store: a get returns what was put and appended to its key.',
    key: keyOf,
    init: () => missing,
    step: (state, operation) => {
      const { name, args } = operation;
      const present = state === missing ? '' : String(state);
      if (name === 'append') return `${present}${String(args.value)}`;
      if (name === 'delete') return missing;
      return casRegisterStep(state, operation);
    },
  };
}

/** First in, first out. A dequeue of an empty queue returns null. */
export function queue(): Specification<readonly Json[]> {
  return {
    doc: 'A queue: a dequeue returns the value that has been in the queue longest.',
    key: keyOf,
    init: () => [],
    step: (state, { name, args, outcome, result }) => {
      if (name === 'enqueue') return [...state, args.value];
      const [first = null, ...rest] = state;
      return outcome === 'ok' && !isSame(result, first) ? undefined : rest;
    },
  };
}

/** A release is possible only while it is held. A `result` of false says that it was not. */
export function mutex(): Specification<boolean> {
  return {
    doc: 'A lock: it is acquired only while it is free, and released only while it is held.',
    key: keyOf,
    init: () => false,
    step: (held, { name, outcome, result }) => {
      const isPossible = held !== (name === 'acquire');
      if (outcome === 'unknown') return isPossible ? !held : held;
      const was = result !== false;
      if (was !== isPossible) return undefined;
      return was ? !held : held;
    },
  };
}

/** A read returns a list, in any order; `contains` returns true or false. */
export function set(): Specification<readonly Json[]> {
  return {
    doc: 'A set: a read returns the values that were added and not removed.',
    key: keyOf,
    init: () => [],
    step: (state, { name, args, outcome, result }) => {
      const { value } = args;
      const has = state.some((one) => isSame(one, value));
      if (name === 'add') return has ? state : sorted([...state, value]);
      if (name === 'remove') return has ? state.filter((one) => !isSame(one, value)) : state;
      if (outcome !== 'ok') return state;
      if (name === 'contains') return result === has ? state : undefined;
      return Array.isArray(result) && isSame(sorted(result), state) ? state : undefined;
    },
  };
}

/** Starts at 0. An increment by `value`, which is 1 if it is left out, may return the new value. */
export function counter(): Specification<number> {
  return {
    doc: 'A counter: a read returns the sum of all increments.',
    key: keyOf,
    init: () => 0,
    step: (state, { name, args, outcome, result }) => {
      if (name === 'read') return outcome !== 'ok' || result === state ? state : undefined;
      const amount = typeof args.value === 'number' ? args.value : 1;
      const next = name === 'decrement' ? state - amount : state + amount;
      const returnsIt = outcome === 'ok' && typeof result === 'number';
      return returnsIt && result !== next ? undefined : next;
    },
  };
}

/**
 * Registers that one operation reads and writes together: `txn` has `operations`, a list of
 * `["read", key, value]`, `["write", key, value]` and `["append", key, value]`, and returns it with
 * the values it read. A list to which nothing was appended is null or empty. Of a register with a
 * value at the start, a read of null was not recorded.
 */
export function multiRegister(
  initial: Readonly<Record<string, Json>> = {},
): Specification<Readonly<Record<string, Json>>> {
  return {
    doc: 'Registers that one operation reads and writes together.',
    init: () => initial,
    step: (state, { args, outcome, result }) => {
      const done = outcome === 'ok' && Array.isArray(result) ? result : args.operations;
      let next = state;
      for (const one of done as readonly (readonly Json[])[]) {
        const [kind, key, value] = one as readonly [string, string, Json];
        const name = registerName(key);
        const now = next[name] ?? null;
        const hasStart = (initial[name] ?? null) !== null;
        if (kind === 'write' || kind === 'w') next = { ...next, [name]: value };
        else if (kind === 'append') {
          next = { ...next, [name]: [...(Array.isArray(now) ? now : []), value] };
        } else if (outcome === 'ok' && !(value === null && hasStart)) {
          if (!isSame(value, now) && !(now === null && isEmpty(value))) return undefined;
        }
      }
      return next;
    },
  };
}

/** The name of a register whose key may be another value than a string. */
export function registerName(key: Json): string {
  return typeof key === 'string' ? key : JSON.stringify(key);
}

function registerStep(state: Json, { name, args, outcome, result }: HistoryOperation) {
  if (name === 'write' || name === 'put') return args.value;
  return outcome !== 'ok' || isSame(result, state) ? state : undefined;
}

function casRegisterStep(state: Json, operation: HistoryOperation) {
  const { name, args, outcome, result } = operation;
  if (name !== 'cas') return registerStep(state, operation);
  const isPossible = isSame(args.expected, state);
  if (outcome === 'ok' && isPossible !== (result !== false)) return undefined;
  return isPossible ? args.value : state;
}

/** Operations on different keys are about different objects. */
function keyOf({ args }: HistoryOperation): string {
  const { key } = args;
  return key === undefined ? '' : typeof key === 'string' ? key : JSON.stringify(key);
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

function isEmpty(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

function sorted(values: readonly Json[]): Json[] {
  const byText = (a: Json, b: Json) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return values.toSorted(byText);
}
