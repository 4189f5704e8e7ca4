/** The load of the benches: Raft with a client that writes every 50 ms. */
import type { Action } from '../../src/kernel/action.ts';
import type { Pending } from '../../src/kernel/pending.ts';
import type { Setup } from '../../src/kernel/plan.ts';
import type { World } from '../../src/kernel/world.ts';
import { milliseconds } from '../../src/protocol/units.ts';
import { raft } from '../../src/protocols/raft/raft.ts';

const writeInterval = milliseconds(50);

export function raftSetup(replicas: number, seed = 7): Setup {
  const options = {
    electionTimeout: [milliseconds(100), milliseconds(200)],
    heartbeatInterval: milliseconds(50),
  };
  const nodes = Array.from({ length: replicas }, (_, i) => ({
    id: `n${i + 1}`,
    role: 'replica',
    options,
  }));
  return {
    protocol: raft,
    seed,
    nodes: [...nodes, { id: 'client', role: 'client' }],
    network: {
      latency: [milliseconds(10), milliseconds(15)],
      loss: 0,
      duplicate: 0,
      reorder: false,
    },
  };
}

/** Chooses the next action: a client write if one is due, and otherwise the cluster's own. */
export class Load {
  private nextWrite = milliseconds(500);
  private writes = 0;

  next(world: World): Action | Pending {
    const pending = world.next()!;
    if (pending.at < this.nextWrite) return pending;
    const args = { key: `k${this.writes % 100}`, value: this.writes };
    const at = this.nextWrite;
    this.nextWrite += writeInterval;
    this.writes++;
    return { type: 'invoke', at, node: 'client', operation: 'put', args };
  }
}

/** The number of committed entries: the highest commitIndex. */
export function committed(world: World): number {
  return Math.max(...world.nodes.map((slot) => Number(slot.state.commitIndex ?? 0)));
}
