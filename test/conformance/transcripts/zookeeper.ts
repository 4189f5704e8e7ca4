// Replays transcripts of ZooKeeper; undefined until the simulated server can.
import type { Adapter } from './adapter.ts';

export const zookeeper: Adapter | undefined = undefined;
