// Replays transcripts of Redis; undefined until the simulated server can.
import type { Adapter } from './adapter.ts';

export const redis: Adapter | undefined = undefined;
