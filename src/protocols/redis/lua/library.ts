/** The global functions and libraries that a script of Redis sees, apart from `redis` itself. */
import { Arguments } from './arguments.ts';
import { decode, encode, jsonNull } from './json.ts';
import type { Machine } from './machine.ts';
import { Unmodelled } from './machine.ts';
import { isLess } from './operators.ts';
import { type Library, stringLibrary, tableOfFunctions } from './strings.ts';
import {
  isTrue, LuaError, LuaFunction, numberOf, stringOf, Table, textOf, typeOf, type Value,
} from './values.ts';

/** Adds everything to the globals of a machine. */
export function addLibraries(machine: Machine): void {
  const { globals } = machine;
  const base = baseLibrary(machine);
  for (const name of base.keys()) globals.set(name, base.get(name));
  globals.set('string', stringLibrary(machine));
  globals.set('table', tableLibrary(machine));
  globals.set('math', mathLibrary(machine));
  globals.set('cjson', jsonLibrary(machine));
  for (const name of ['bit', 'cmsgpack', 'struct']) globals.set(name, unmodelledLibrary(name));
  globals.set('_G', globals);
  for (const name of ['string', 'table', 'math', 'cjson']) {
    (globals.get(name) as Table).isReadOnly = true;
  }
}

/** A library that is there, and whose every function is refused. */
function unmodelledLibrary(name: string): Table {
  const table = new Table();
  table.isReadOnly = true;
  table.get = (key) => {
    throw new Unmodelled(`${name}.${textOf(key)} in scripts`);
  };
  return table;
}

/** Functions of Lua that Redis offers, and Lockstep does not. */
const unmodelled = [
  'setmetatable', 'getmetatable', 'loadstring', 'load', 'collectgarbage', 'gcinfo', 'newproxy',
  'getfenv', 'setfenv', 'coroutine',
];

function baseLibrary(machine: Machine): Table {
  const of = (name: string, given: readonly Value[]) => new Arguments(machine, name, given);
  const refused = unmodelled.map((name): [string, () => never] => [
    name,
    () => {
      throw new Unmodelled(`${name} in scripts`);
    },
  ]);
  return tableOfFunctions({
    ...Object.fromEntries(refused),
    ...raisingFunctions(machine),
    type: (given) => [typeOf(of('type', given).any(0))],
    tostring: (given) => [textOf(of('tostring', given).any(0))],
    tonumber: (given) => [toNumber(of('tonumber', given))],
    pairs(given) {
      const table = of('pairs', given).table(0);
      // A script may remove the fields that it visits, so the keys are listed once.
      const keys = table.keys().values();
      const step = new LuaFunction(() => {
        for (const key of keys) {
          const value = table.get(key);
          if (value !== null) return [key, value];
        }
        return [null];
      });
      return [step, table, null];
    },
    ipairs(given) {
      const table = of('ipairs', given).table(0);
      const step = new LuaFunction(([of, index]) => {
        const value = (of as Table).get(Number(index) + 1);
        return value === null ? [null] : [Number(index) + 1, value];
      });
      return [step, table, 0];
    },
    next: (given) => next(of('next', given).table(0), given[1] ?? null),
    unpack(given) {
      const args = of('unpack', given);
      const table = args.table(0);
      const [from, to] = [args.number(1, 1), args.number(2, table.length)];
      machine.count(Math.max(0, to - from));
      if (to - from >= 8000) return machine.fail('too many results to unpack');
      return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => table.get(from + i));
    },
    select(given) {
      const [index] = given;
      if (index === '#') return [given.length - 1];
      const at = of('select', given).number(0);
      if (at === 0) machine.fail("bad argument #1 to 'select' (index out of range)");
      return at < 0 ? given.slice(at) : given.slice(at);
    },
    rawget: (given) => [of('rawget', given).table(0).get(given[1] ?? null)],
    rawequal: ([a = null, b = null]) => [a === b],
    rawset(given) {
      const table = of('rawset', given).table(0);
      if (table.isReadOnly) machine.fail('Attempt to modify a readonly table');
      table.set(given[1] ?? null, given[2] ?? null);
      return [table];
    },
  });
}

/** Redis's own `pcall` turns an error that is a table into its text. */
function messageOf(value: Value): Value {
  const text = value instanceof Table ? value.get('err') : null;
  return text ?? value;
}

/** The functions that raise errors, or catch them. */
function raisingFunctions(machine: Machine): Library {
  return {
    error(given) {
      const [value = null] = given;
      const level = new Arguments(machine, 'error', given).number(1, 1);
      if (typeof value !== 'string' || level === 0) throw new LuaError(value);
      if (level > 1) throw new Unmodelled('an error at a level above 1 in scripts');
      return machine.fail(value);
    },
    assert(given) {
      if (isTrue(given[0])) return given;
      const text = given[1] === undefined ? 'assertion failed!' : given[1];
      throw new LuaError(typeof text === 'string' ? `user_script:${machine.line}: ${text}` : text);
    },
    pcall: ([called = null, ...args]) => caught(called, args, messageOf),
    xpcall([called = null, handler = null]) {
      if (!(handler instanceof LuaFunction)) throw new Unmodelled('xpcall without a function');
      return caught(called, [], (value) => handler.call([value])[0] ?? null);
    },
  };
}

/** What a call returns after `true`; if it raises an error, `false` and what is made of that. */
function caught(
  called: Value, args: readonly Value[], told: (value: Value) => Value,
): readonly Value[] {
  try {
    if (!(called instanceof LuaFunction)) {
      return [false, told(`attempt to call a ${typeOf(called)} value`)];
    }
    return [true, ...called.call(args)];
  } catch (error) {
    if (!(error instanceof LuaError)) throw error;
    return [false, told(error.value)];
  }
}

/** The pair after a key: the keys of the list first, then the others as they were added. */
function next(table: Table, key: Value): readonly Value[] {
  const keys = table.keys();
  const at = key === null ? 0 : keys.indexOf(key) + 1;
  const following = keys[at];
  return following === undefined ? [null] : [following, table.get(following)];
}

function toNumber(args: Arguments): Value {
  const base = args.number(1, 10);
  if (base === 10) return numberOf(args.any(0)) ?? null;
  if (base < 2 || base > 36) args.fail(1, 'base out of range');
  const text = args.string(0).trim().toLowerCase().replace(base === 16 ? /^0x/ : /^$/, '');
  const digits = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base);
  if (text === '' || [...text].some((one) => !digits.includes(one))) return null;
  return Number.parseInt(text, base);
}

function tableLibrary(machine: Machine): Table {
  const of = (name: string, given: readonly Value[]) => new Arguments(machine, name, given);
  return tableOfFunctions({
    getn: (given) => [of('getn', given).table(0).length],
    maxn: (given) => [of('maxn', given).table(0).length],
    insert(given) {
      const args = of('insert', given);
      const table = args.table(0);
      if (given.length === 2) {
        table.set(table.length + 1, given[1]);
        return [];
      }
      if (given.length !== 3) machine.fail("wrong number of arguments to 'insert'");
      const place = args.number(1);
      for (let i = table.length; i >= place; i--) table.set(i + 1, table.get(i));
      table.set(place, given[2]);
      return [];
    },
    remove(given) {
      const args = of('remove', given);
      const table = args.table(0);
      const place = args.number(1, table.length);
      if (place < 1 || place > table.length) return [];
      const value = table.get(place);
      const last = table.length;
      for (let i = place; i < last; i++) table.set(i, table.get(i + 1));
      table.set(last, null);
      return [value];
    },
    concat(given) {
      const args = of('concat', given);
      const table = args.table(0);
      const between = given[1] === undefined ? '' : args.string(1);
      const [from, to] = [args.number(2, 1), args.number(3, table.length)];
      const words: string[] = [];
      for (let i = from; i <= to; i++) {
        const word = stringOf(table.get(i));
        if (word === undefined) {
          const type = typeOf(table.get(i));
          return machine.fail(`invalid value (${type}) at index ${i} in table for 'concat'`);
        }
        words.push(word);
      }
      return [words.join(between)];
    },
    sort(given) {
      const table = of('sort', given).table(0);
      const [, order] = given;
      machine.count(table.length);
      const isBefore = (a: Value, b: Value): boolean => {
        if (order instanceof LuaFunction) return isTrue(order.call([a, b])[0]);
        return isLess(machine, a, b, null);
      };
      const sorted = [...table.list].sort((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
      sorted.forEach((value, i) => table.set(i + 1, value));
      return [];
    },
  });
}

function mathLibrary(machine: Machine): Table {
  const functions = [
    'abs', 'ceil', 'floor', 'sqrt', 'exp', 'log', 'log10', 'sin', 'cos', 'tan',
  ] as const;
  const table = tableOfFunctions({
    ...Object.fromEntries(
      functions.map((name) => [
        name,
        (given: readonly Value[]) => [Math[name](new Arguments(machine, name, given).number(0))],
      ]),
    ),
    max: (given) => [extreme(machine, 'max', given)],
    min: (given) => [extreme(machine, 'min', given)],
    pow(given) {
      const args = new Arguments(machine, 'pow', given);
      return [args.number(0) ** args.number(1)];
    },
    fmod(given) {
      const args = new Arguments(machine, 'fmod', given);
      return [args.number(0) % args.number(1)];
    },
    modf(given) {
      const value = new Arguments(machine, 'modf', given).number(0);
      return [Math.trunc(value), value - Math.trunc(value)];
    },
    random() {
      throw new Unmodelled('math.random in scripts: pass a random value as an argument');
    },
    randomseed: () => [],
  });
  table.set('huge', Infinity);
  table.set('pi', Math.PI);
  return table;
}

function extreme(machine: Machine, name: 'max' | 'min', given: readonly Value[]): number {
  const args = new Arguments(machine, name, given);
  const first = args.number(0);
  return given.reduce<number>((best, _value, i) => Math[name](best, args.number(i)), first);
}

function jsonLibrary(machine: Machine): Table {
  const guarded = (run: () => Value): readonly Value[] => {
    try {
      return [run()];
    } catch (error) {
      if (!(error instanceof LuaError)) throw error;
      return machine.fail(textOf(error.value));
    }
  };
  const table = tableOfFunctions({
    encode: ([value = null]) => guarded(() => encode(value)),
    decode: (given) => guarded(() => decode(new Arguments(machine, 'decode', given).string(0))),
  });
  table.set('null', jsonNull);
  return table;
}
