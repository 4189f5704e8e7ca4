/** The order of epochs, which are numbers or strings such as `2.n1`. */

/** Negative if the first is lower, positive if it is higher, 0 if they are equal. */
export function compareEpochs(one: number | string, other: number | string): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  const [parts, otherParts] = [partsOf(String(one)), partsOf(String(other))];
  const length = Math.max(parts.length, otherParts.length);
  for (let i = 0; i < length; i++) {
    const difference = compareParts(parts[i] ?? '', otherParts[i] ?? '');
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `2.n10` is `2`, `.n`, `10`. */
function partsOf(epoch: string): string[] {
  return epoch.match(/\d+|\D+/g) ?? [];
}

function compareParts(one: string, other: string): number {
  const isNumbers = /^\d/.test(one) && /^\d/.test(other);
  const difference = isNumbers ? Number(one) - Number(other) : 0;
  if (difference !== 0) return difference;
  return one === other ? 0 : one < other ? -1 : 1;
}
