// Replays transcripts of etcd; undefined until the simulated server can.
import type { Adapter } from './adapter.ts';

export const etcd: Adapter | undefined = undefined;
