/**
 * Probabilities and clock drift as text that is parsed back to the very same number: `7%`,
 * `200ppm`. Multiplying by 100 would not do: `0.07 * 100` is 7.000000000000001. The decimal point
 * moves instead.
 */

/** `7%` for 0.07. */
export function formatProbability(probability: number): string {
  return `${shifted(probability, 2)}%`;
}

// YAML and JavaScript may write a small number with an exponent: `1e-7`.
const digits = String.raw`(\d+(?:\.\d+)?)(?:[eE]([+-]?\d+))?`;
const probabilityForm = new RegExp(`^${digits}(%?)$`);
const driftForm = new RegExp(`^([+-]?)${digits}(ppm|%)$`);

/** `5%` or `0.05` as a probability; undefined if it is neither, or more than 1. */
export function parseProbability(text: string): number | undefined {
  const match = probabilityForm.exec(text);
  if (!match) return undefined;
  const [, mantissa, exponent = 0, unit] = match;
  const probability = Number(`${mantissa}e${Number(exponent) - (unit === '%' ? 2 : 0)}`);
  return probability <= 1 ? probability : undefined;
}

/** `+200ppm` for 0.0002: how much faster than real time a clock runs. */
export function formatDrift(drift: number): string {
  return `${drift < 0 ? '-' : '+'}${shifted(Math.abs(drift), 6)}ppm`;
}

/**
 * `200ppm` or `0.02%` as a rate: 0.0002. Undefined if it is neither, or beyond the drift that a
 * clock can have: it never stands still or runs backwards, and gains at most ten seconds a second.
 */
export function parseDrift(text: string): number | undefined {
  const match = driftForm.exec(text);
  if (!match) return undefined;
  const [, sign, mantissa, exponent = 0, unit] = match;
  // Adding 0 makes 0 of -0, which would print as the same and still be different.
  const places = Number(exponent) - (unit === 'ppm' ? 6 : 2);
  const drift = Number(`${sign}${mantissa}e${places}`) + 0;
  return drift > -1 && drift <= 10 ? drift : undefined;
}

/** The decimal digits of a number that is not negative, its point moved to the right. */
function shifted(value: number, places: number): string {
  const [mantissa, exponent = '0'] = String(value).split('e');
  const [whole, fraction = ''] = mantissa.split('.');
  const point = whole.length + Number(exponent) + places;
  const digits = whole + fraction;
  const padded = point < 1 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const end = Math.max(point, 1);
  const before = padded.slice(0, end).replace(/^0+(?=\d)/, '');
  const after = padded.slice(end).replace(/0+$/, '');
  return after === '' ? before : `${before}.${after}`;
}
