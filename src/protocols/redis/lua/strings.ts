/** Lua's string library. */
import type { Machine } from './machine.ts';
import { Unmodelled } from './machine.ts';
import { byteLength } from './operators.ts';
import { matchAt } from './patterns.ts';
import {
  isTrue, LuaFunction, numberOf, numberText, stringOf, Table, textOf, typeOf, type Value,
} from './values.ts';

export type Library = Readonly<Record<string, (args: readonly Value[]) => readonly Value[]>>;

export function tableOfFunctions(functions: Library): Table {
  const table = new Table();
  for (const [name, call] of Object.entries(functions)) table.set(name, new LuaFunction(call));
  return table;
}

/** Reads arguments of a library function, with the errors of Lua for wrong ones. */
export class Arguments {
  constructor(
    private readonly machine: Machine,
    private readonly name: string,
    private readonly given: readonly Value[],
  ) {}

  string(index: number): string {
    const value = stringOf(this.given[index]);
    return value ?? this.wrong(index, 'string');
  }

  number(index: number, absent?: number): number {
    if (absent !== undefined && (this.given[index] ?? null) === null) return absent;
    const value = numberOf(this.given[index] ?? null);
    return value ?? this.wrong(index, 'number');
  }

  table(index: number): Table {
    const value = this.given[index];
    return value instanceof Table ? value : this.wrong(index, 'table');
  }

  private wrong(index: number, expected: string): never {
    const got = index < this.given.length ? typeOf(this.given[index]) : 'no value';
    const what = `bad argument #${index + 1} to '${this.name}' (${expected} expected, got ${got})`;
    return this.machine.fail(what);
  }
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
    format: (given) => [format(of('format', given), given)],
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

function format(args: Arguments, given: readonly Value[]): string {
  let index = 0;
  const directive = /%(?:%|([-+ #0]*)(\d*)(?:\.(\d*))?([a-zA-Z]))/g;
  return args.string(0).replace(directive, (all, flags = '', width = '', precision, kind) => {
    if (all === '%%') return '%';
    index++;
    const text = formatted(args, given, index, kind, precision as string | undefined);
    const sign = flags.includes('+') && /[dif]/.test(kind) && !text.startsWith('-') ? '+' : '';
    const size = Number(width);
    if (flags.includes('-')) return (sign + text).padEnd(size);
    if (!flags.includes('0') || kind === 's') return (sign + text).padStart(size);
    const minus = text.startsWith('-') ? '-' : sign;
    return minus + text.replace('-', '').padStart(size - minus.length, '0');
  });
}

/** As `%.1f` rounds: a number halfway between two goes to the even one. */
function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  const scaled = Math.abs(value) * 10 ** digits;
  const isHalfway = scaled % 1 === 0.5 && scaled / 10 ** digits === Math.abs(value);
  if (!isHalfway || Math.floor(scaled) % 2 === 1) return text;
  return ((Math.sign(value) * Math.floor(scaled)) / 10 ** digits).toFixed(digits);
}

function formatted(
  args: Arguments, given: readonly Value[], index: number, kind: string, precision?: string,
): string {
  const digits = precision === undefined ? undefined : Number(precision);
  switch (kind) {
    case 'd':
    case 'i':
    case 'u':
      return String(BigInt(Math.trunc(args.number(index)))).padStart(digits ?? 0, '0');
    case 'f':
    case 'F':
      return fixed(args.number(index), digits ?? 6);
    case 's':
      return textOf(given[index] ?? null).slice(0, digits);
    case 'q':
      return `"${args.string(index).replace(/["\\\n]/g, (one) => `\\${one}`)}"`;
    case 'x':
    case 'X': {
      const text = args.number(index).toString(16);
      return kind === 'x' ? text : text.toUpperCase();
    }
    case 'c':
      return String.fromCharCode(args.number(index));
    case 'g':
      if (digits === undefined || digits === 14) return numberText(args.number(index));
      return String(Number(args.number(index).toPrecision(digits || 1)));
    default:
      throw new Unmodelled(`%${kind} in string.format`);
  }
}
