/** Exact decimal numbers, as strings: `1.50` keeps its zeros, as PostgreSQL's numeric does. */

interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

function parse(text: string): Decimal {
  const [whole, fraction = ''] = text.split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

function format({ digits, scale }: Decimal): string {
  const sign = digits < 0n ? '-' : '';
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const point = text.length - scale;
  return scale === 0 ? sign + text : `${sign}${text.slice(0, point)}.${text.slice(point)}`;
}

/** The two numbers with the same scale. */
function aligned(a: string, b: string): [bigint, bigint, number] {
  const [one, other] = [parse(a), parse(b)];
  const scale = Math.max(one.scale, other.scale);
  return [
    one.digits * 10n ** BigInt(scale - one.scale),
    other.digits * 10n ** BigInt(scale - other.scale),
    scale,
  ];
}

/** The digits on each side of the point; PostgreSQL's numbers may have 131,072 before it. */
export const digitsMax = 2_000;

/** Whether a result has more digits than the simulation calculates with. */
export function isTooLong(text: string): boolean {
  const [whole, fraction = ''] = text.replace('-', '').split('.');
  return whole.length > digitsMax || fraction.length > digitsMax;
}

/** Reads a number as it is written in SQL; undefined if it is none, null if it is too long. */
export function toNumeric(text: string): string | undefined | null {
  const found = /^\s*([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?\s*$/i.exec(text);
  if (found === null) return undefined;
  const [, sign, whole, fraction = '', exponent = '0'] = found;
  if (whole === '' && fraction === '') return undefined;
  if (whole.length + fraction.length > digitsMax) return null;
  if (Math.abs(Number(exponent)) > digitsMax) return null;
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(`${sign}${whole}${fraction}`) * 10n ** BigInt(Math.max(-scale, 0));
  return format({ digits, scale: Math.max(scale, 0) });
}

export function compareNumeric(a: string, b: string): number {
  const [one, other] = aligned(a, b);
  return one < other ? -1 : one > other ? 1 : 0;
}

export function addNumeric(a: string, b: string): string {
  const [one, other, scale] = aligned(a, b);
  return format({ digits: one + other, scale });
}

export function subtractNumeric(a: string, b: string): string {
  const [one, other, scale] = aligned(a, b);
  return format({ digits: one - other, scale });
}

export function multiplyNumeric(a: string, b: string): string {
  const [one, other] = [parse(a), parse(b)];
  return format({ digits: one.digits * other.digits, scale: one.scale + other.scale });
}

export function remainderNumeric(a: string, b: string): string {
  const [one, other, scale] = aligned(a, b);
  return format({ digits: one % other, scale });
}

/** PostgreSQL cuts the second argument of `round` to this, too. */
const placesMax = 2_000;

/** Rounds half away from zero, as PostgreSQL does. */
export function roundNumeric(text: string, places: number): string {
  const one = parse(text);
  const scale = Math.max(-placesMax, Math.min(places, placesMax));
  if (one.scale <= scale) {
    return format({ digits: one.digits * 10n ** BigInt(scale - one.scale), scale });
  }
  const digits = divided(one.digits, 10n ** BigInt(one.scale - scale));
  if (scale >= 0) return format({ digits, scale });
  return format({ digits: digits * 10n ** BigInt(-scale), scale: 0 });
}

/** The quotient with at least 16 significant digits, as `select_div_scale` chooses them. */
export function divideNumeric(a: string, b: string): string {
  const [one, other] = [parse(a), parse(b)];
  const [first, second] = [leading(one), leading(other)];
  let weight = first.weight - second.weight;
  if (first.digit <= second.digit) weight--;
  const scale = Math.max(16 - weight * 4, one.scale, other.scale, 0);
  const shift = scale + other.scale - one.scale;
  const digits =
    shift >= 0
      ? divided(one.digits * 10n ** BigInt(shift), other.digits)
      : divided(one.digits, other.digits * 10n ** BigInt(-shift));
  return format({ digits, scale });
}

/** The first digit to the base of 10,000 that is not zero, and its weight. */
function leading({ digits, scale }: Decimal): { weight: number; digit: number } {
  const text = format({ digits: digits < 0n ? -digits : digits, scale });
  const [whole, fraction = ''] = text.split('.');
  const padded = whole.padStart(Math.ceil(whole.length / 4) * 4, '0');
  const all = padded + fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0');
  for (let at = 0; at < all.length; at += 4) {
    const digit = Number(all.slice(at, at + 4));
    if (digit > 0) return { weight: padded.length / 4 - 1 - at / 4, digit };
  }
  return { weight: 0, digit: 0 };
}

function divided(a: bigint, b: bigint): bigint {
  const isNegative = a < 0n !== b < 0n;
  const [one, other] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const rounded = (2n * one + other) / (2n * other);
  return isNegative ? -rounded : rounded;
}

/** Without the digits behind the point. */
export function truncateNumeric(text: string): string {
  const { digits, scale } = parse(text);
  return format({ digits: digits / 10n ** BigInt(scale), scale: 0 });
}
