/** Numbers in commands: signed 64-bit integers, doubles, and the words that they are written in. */

export const largest = 2n ** 63n - 1n;
export const smallest = -(2n ** 63n);

/** An integer as Redis reads it: without sign +, spaces or leading zeros. */
export function integer(text: string): bigint | undefined {
  if (!/^(0|-?[1-9]\d{0,18})$/.test(text)) return undefined;
  const value = BigInt(text);
  return value > largest || value < smallest ? undefined : value;
}

/** An integer that is an index or a count here: larger ones mean the same as these. */
export function index(text: string): number | undefined {
  const value = integer(text);
  return value === undefined ? undefined : Number(value);
}

/** A double; NaN is refused. */
export function float(text: string): number | undefined {
  if (/^[-+]?(inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return undefined;
  return Number(text);
}

/** A double as Redis 7.0 replies it: `%.17g`. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Number.isInteger(value) && Math.abs(value) < 1e17) return String(value);
  const [digits, power] = value.toExponential(16).split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 17) {
    return trimmed(value.toFixed(Math.min(100, Math.max(0, 16 - exponent))));
  }
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${trimmed(digits)}e${exponent < 0 ? '-' : '+'}${size}`;
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

const places = 17;

/**
 * The sum of two decimal numbers with 17 places, as INCRBYFLOAT writes it: it adds long doubles, in
 * which 0.1 + 0.2 is 0.3.
 */
export function decimalSum(a: string, b: string): string {
  const sum = scaled(a) + scaled(b);
  const digits = String(sum < 0n ? -sum : sum).padStart(places + 1, '0');
  const text = trimmed(`${digits.slice(0, -places)}.${digits.slice(-places)}`);
  return sum < 0n ? `-${text}` : text;
}

function scaled(text: string): bigint {
  const plain = /e/i.test(text) ? Number(text).toFixed(places) : text;
  const negative = plain.startsWith('-');
  const [whole, fraction = ''] = plain.replace(/^[-+]/, '').split('.');
  const value = BigInt((whole || '0') + fraction.slice(0, places).padEnd(places, '0'));
  return negative ? -value : value;
}

/** The items from `start` to `stop`, as LRANGE counts: both included, negative from the end. */
export function range<Item>(items: readonly Item[], start: number, stop: number): readonly Item[] {
  const from = start < 0 ? Math.max(items.length + start, 0) : start;
  const to = stop < 0 ? items.length + stop : stop;
  return from > to ? [] : items.slice(from, to + 1);
}
