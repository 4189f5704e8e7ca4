/** What must hold at every moment of a Raft run. */
import type { Invariant } from '../protocol/types.ts';

export const invariants: Record<string, Invariant> = {};
