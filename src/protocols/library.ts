/** The built-in protocols: adding one is its file and one line here. */
import type { Protocol } from '../protocol/types.ts';
import { raft } from './raft.ts';

export const library: readonly Protocol[] = [raft];
