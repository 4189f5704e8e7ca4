// The types of patience.mjs.
export const patienceMs: number;
export const testMs: number;
export const startMs: number;
export const suiteMs: number;
