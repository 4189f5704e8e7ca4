/** string.format of Lua 5.1, which formats as C does. */
import type { Arguments } from './arguments.ts';
import { Unmodelled } from './machine.ts';

export function format(args: Arguments, count: number): string {
  let index = 0;
  const directive = /%(?:%|([-+ #0]*)(\d*)(?:\.(\d*))?([\s\S]))/g;
  return args.string(0).replace(directive, (all, flags = '', width = '', precision, kind) => {
    if (all === '%%') return '%';
    index++;
    if (index >= count) args.fail(index, 'no value');
    const text = formatted(args, index, kind, precision as string | undefined);
    const sign = flags.includes('+') && /[defgi]/i.test(kind) && !text.startsWith('-') ? '+' : '';
    const size = Number(width);
    if (flags.includes('-')) return (sign + text).padEnd(size);
    if (!flags.includes('0') || kind === 's') return (sign + text).padStart(size);
    const minus = text.startsWith('-') ? '-' : sign;
    return minus + text.replace('-', '').padStart(size - minus.length, '0');
  });
}

function formatted(args: Arguments, index: number, kind: string, precision?: string): string {
  const digits = precision === undefined ? undefined : Number(precision);
  switch (kind) {
    case 'd':
    case 'i':
      return String(BigInt(Math.trunc(args.number(index)))).padStart(digits ?? 0, '0');
    case 'u':
      return String(unsigned(args.number(index)));
    case 'f':
      return fixed(args.number(index), digits ?? 6);
    case 's':
      return args.string(index).slice(0, digits);
    case 'q':
      return `"${args.string(index).replace(/["\\\n]/g, (one) => `\\${one}`)}"`;
    case 'o':
      return unsigned(args.number(index)).toString(8);
    case 'x':
      return unsigned(args.number(index)).toString(16);
    case 'X':
      return unsigned(args.number(index)).toString(16).toUpperCase();
    case 'c':
      return String.fromCharCode(args.number(index));
    case 'e':
    case 'E':
    case 'g':
    case 'G': {
      const text = /e/i.test(kind)
        ? exponential(args.number(index), digits ?? 6)
        : general(args.number(index), digits ?? 6);
      return kind < 'a' ? text.toUpperCase() : text;
    }
    case 'a':
    case 'A':
      throw new Unmodelled(`%${kind} in string.format`);
    default:
      return args.fault(`invalid option '%${kind}' to 'format'`);
  }
}

/** As C casts a double to a 64-bit integer without a sign. */
const unsigned = (value: number): bigint => BigInt.asUintN(64, BigInt(Math.trunc(value)));

/** As `%.1f` rounds: a number halfway between two goes to the even one. */
function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  const scaled = Math.abs(value) * 10 ** digits;
  const isHalfway = scaled % 1 === 0.5 && scaled / 10 ** digits === Math.abs(value);
  if (!isHalfway || Math.floor(scaled) % 2 === 1) return text;
  return ((Math.sign(value) * Math.floor(scaled)) / 10 ** digits).toFixed(digits);
}

/** C writes at least two digits of an exponent. */
function exponential(value: number, digits: number): string {
  return value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** `%g`: the shorter of both forms, without zeros at the end. */
function general(value: number, precision: number): string {
  const digits = Math.max(precision, 1);
  const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1]);
  const isShort = exponent >= -4 && exponent < digits;
  const text = isShort
    ? value.toFixed(digits - 1 - exponent)
    : exponential(value, digits - 1);
  return text.replace(/(\.\d*?)0+(?=e|$)/, '$1').replace(/\.(?=e|$)/, '');
}
