/** Lua's string library. */
import { Arguments } from './arguments.ts';
import { format } from './format.ts';
import type { Machine } from './machine.ts';
import { byteLength } from './operators.ts';
import { matchAt } from './patterns.ts';
import {
  isTrue, LuaFunction, stringOf, Table, textOf, typeOf, type Value,
} from './values.ts';

export type Library = Readonly<Record<string, (args: readonly Value[]) => readonly Value[]>>;

export function tableOfFunctions(functions: Library): Table {
  const table = new Table();
  for (const [name, call] of Object.entries(functions)) table.set(name, new LuaFunction(call));
  return table;
}

/** The part from `from` to `to`, counted from 1; negative numbers count from the end. */
function part(text: string, from: number, to: number): string {
  const start = from < 0 ? Math.max(text.length + from, 0) : Math.max(from - 1, 0);
  const end = to < 0 ? text.length + to + 1 : to;
  return text.slice(start, Math.max(start, end));
}

export function stringLibrary(machine: Machine): Table {
  const of = (name: string, given: readonly Value[]) => new Arguments(machine, name, given);
  return tableOfFunctions({
    len: (given) => [byteLength(of('len', given).string(0))],
    lower: (given) => [of('lower', given).string(0).toLowerCase()],
    upper: (given) => [of('upper', given).string(0).toUpperCase()],
    reverse: (given) => [[...of('reverse', given).string(0)].reverse().join('')],
    rep(given) {
      const args = of('rep', given);
      return [args.string(0).repeat(Math.max(0, Math.min(args.number(1), 1_000_000)))];
    },
    sub(given) {
      const args = of('sub', given);
      return [part(args.string(0), args.number(1), args.number(2, -1))];
    },
    byte(given) {
      const args = of('byte', given);
      const first = args.number(1, 1);
      const text = part(args.string(0), first, args.number(2, first));
      return [...text].map((one) => one.charCodeAt(0));
    },
    char: (given) => [String.fromCharCode(...given.map((_, i) => of('char', given).number(i)))],
    format: (given) => [format(of('format', given), given.length)],
    find: (given) => find(of('find', given), given),
    match(given) {
      const args = of('match', given);
      const found = matchAt(args.string(0), args.string(1), start(args, args.string(0)));
      return found === undefined ? [null] : found.captures;
    },
    gmatch(given) {
      const args = of('gmatch', given);
      return [matches(args.string(0), args.string(1))];
    },
    gsub: (given) => replaceAll(machine, of('gsub', given), given),
  });
}

/** The optional third argument of `find` and `match`: where the search begins. */
function start(args: Arguments, text: string): number {
  const from = args.number(2, 1);
  return from < 0 ? Math.max(text.length + from, 0) : Math.max(from - 1, 0);
}

function find(args: Arguments, given: readonly Value[]): readonly Value[] {
  const [text, pattern] = [args.string(0), args.string(1)];
  const from = start(args, text);
  if (isTrue(given[3])) {
    const at = text.indexOf(pattern, from);
    return at < 0 ? [null] : [at + 1, at + pattern.length];
  }
  const found = matchAt(text, pattern, from);
  if (found === undefined) return [null];
  const captures = pattern.includes('(') ? found.captures : [];
  return [found.start + 1, found.end, ...captures];
}

function matches(text: string, pattern: string): LuaFunction {
  let at = 0;
  return new LuaFunction(() => {
    const found = at > text.length ? undefined : matchAt(text, pattern, at);
    if (found === undefined) return [null];
    at = found.end > found.start ? found.end : found.end + 1;
    return found.captures;
  });
}

function replaceAll(machine: Machine, args: Arguments, given: readonly Value[]): readonly Value[] {
  const [text, pattern] = [args.string(0), args.string(1)];
  const most = args.number(3, Infinity);
  const by = given[2] ?? null;
  let [result, at, count] = ['', 0, 0];
  while (count < most) {
    const found = matchAt(text, pattern, at);
    if (found === undefined) break;
    count++;
    const whole = text.slice(found.start, found.end);
    result += text.slice(at, found.start) + replacement(machine, by, whole, found.captures);
    at = found.end;
    if (found.end === found.start) result += text[at++] ?? '';
    if (at > text.length || pattern.startsWith('^')) break;
  }
  return [result + text.slice(at), count];
}

function replacement(
  machine: Machine, by: Value, whole: string, captures: readonly (string | number)[],
): string {
  let value: Value | undefined;
  if (by instanceof Table) value = by.get(captures[0]);
  else if (by instanceof LuaFunction) [value] = by.call(captures);
  else {
    const template = stringOf(by);
    if (template === undefined) {
      const got = typeOf(by);
      return machine.fail(
        `bad argument #3 to 'gsub' (string/function/table expected, got ${got})`,
      );
    }
    return template.replace(/%(.)/g, (_all, one: string) => {
      if (one === '0') return whole;
      return /[1-9]/.test(one) ? String(captures[Number(one) - 1] ?? '') : one;
    });
  }
  return isTrue(value) ? textOf(value!) : whole;
}
