/** Plain data as the text of a job. JSON has no infinite numbers, which limits and budgets have. */

const marks: ReadonlyMap<number, string> = new Map([[Infinity, 'any'], [-Infinity, 'none']]);

/** The same text for equal data, whose keys come in the same order: it names a job. */
export function toWire(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) => {
    if (typeof value !== 'number' || Number.isFinite(value)) return value;
    return { '∞': marks.get(value) ?? 'nan' };
  });
}

export function fromWire(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const keys = Object.keys(value);
    if (keys.length !== 1 || keys[0] !== '∞') return value;
    const mark = (value as { '∞': unknown })['∞'];
    if (mark === 'nan') return NaN;
    return [...marks].find(([, one]) => one === mark)?.[0] ?? value;
  });
}
