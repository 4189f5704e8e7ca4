// Replays transcripts of PostgreSQL; undefined until the simulated server can.
import type { Adapter } from './adapter.ts';

export const postgres: Adapter | undefined = undefined;
