/** The invariants of a CockroachDB cluster. */
import type { Invariant } from '../../protocol/types.ts';

export const invariants: Record<string, Invariant> = {};
