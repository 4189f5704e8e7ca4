/** The invariants of Kafka's epochs: one controller, one leader, and both are fenced. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant } from '../../protocol/types.ts';
import { type Moment, partitionIn, type Roles } from './observed.ts';
import { notCounted, oneLeader } from './partition/leader-invariants.ts';
import { type PartitionState, paths } from './state.ts';

const ofKafka = invariant<Roles>();

const oneController = ofKafka({
  doc: 'In a controller epoch, one broker acts as the controller.',
  remember: () => ({ controllers: {} as Record<string, string> }),
  check({ acted, events, message, memory: { controllers } }) {
    for (const { name, node, fields } of events) {
      if (name !== 'ControllerElected') continue;
      const { controllerEpoch } = fields;
      const other = controllers[controllerEpoch] ?? node;
      if (other !== node) {
        return `${node} is the controller in epoch ${controllerEpoch}, and so is ${other}.`;
      }
      controllers[controllerEpoch] = node;
    }
    if (acted === undefined || message?.body.type !== 'LeaderAndIsr') return undefined;
    const { controllerEpoch } = message.body;
    if (controllers[controllerEpoch] === message.from) return undefined;
    return `${message.from} sent LeaderAndIsr in controller epoch ${controllerEpoch}, not its own.`;
  },
});

/** The leader epoch shows who wrote: an ISR change of the leader keeps it. */
const controllerWrites = ofKafka({
  doc: 'Only the controller of the current controller epoch elects a leader in ZooKeeper.',
  remember: () => ({ leaderEpoch: -1 }),
  check({ acted, memory }) {
    const partition = partitionIn({ acted });
    if (partition === undefined || acted?.role !== 'zookeeper') return undefined;
    const { leaderEpoch, controllerEpoch } = partition;
    if (leaderEpoch === memory.leaderEpoch) return undefined;
    memory.leaderEpoch = leaderEpoch;
    const current = Number(acted.state.znodes[paths.controllerEpoch]?.value);
    if (leaderEpoch < 0 || controllerEpoch === current) return undefined;
    const written = `in controller epoch ${controllerEpoch}, but /controller_epoch is ${current}`;
    return `Leader epoch ${leaderEpoch} was written ${written}.`;
  },
});

const leaderEpochGrows = ofKafka({
  doc: 'The leader epoch in ZooKeeper never goes back, as an ISR of a former leader would make it.',
  remember: () => ({ leaderEpoch: -1 }),
  check({ acted, memory }) {
    const partition = partitionIn({ acted });
    if (partition === undefined) return undefined;
    const { leaderEpoch: before } = memory;
    memory.leaderEpoch = partition.leaderEpoch;
    if (partition.leaderEpoch >= before) return undefined;
    return `The leader epoch in ZooKeeper went from ${before} back to ${partition.leaderEpoch}.`;
  },
});

const staleControllers = ofKafka({
  doc: 'While a broker runs, it obeys no controller of a lower epoch than before.',
  remember: () => ({ epochs: {} as Record<string, number> }),
  check({ acted, memory: { epochs } }) {
    if (acted?.role !== 'broker') return undefined;
    const { id, up, state: { controllerEpoch } } = acted;
    const before = epochs[id] ?? 0;
    epochs[id] = up ? controllerEpoch : 0;
    if (!up || controllerEpoch >= before) return undefined;
    return `${id} obeyed controller epoch ${controllerEpoch} after ${before}.`;
  },
});

const maximal = ofKafka({
  doc: 'The leader counts each replica that ZooKeeper has in the ISR, and so may be elected.',
  check({ nodes }) {
    const partition = partitionOf(nodes);
    const leader = nodes.find(({ id }) => id === partition?.leader);
    if (partition === undefined || leader?.role !== 'broker') return undefined;
    const missing = notCounted(leader, partition);
    if (missing === undefined) return undefined;
    return `${missing} is in the ISR of ZooKeeper, but its leader ${leader.id} does not count it.`;
  },
});

function partitionOf(nodes: Moment['nodes']): PartitionState | undefined {
  for (const node of nodes) {
    if (node.role === 'zookeeper') return partitionIn({ acted: node });
  }
  return undefined;
}

export const epochInvariants: Record<string, Invariant> = {
  'One Controller Per Epoch': oneController,
  'One Leader Per Epoch': oneLeader,
  'Replaced Controllers Do Not Write': controllerWrites,
  'Leader Epoch Never Goes Back': leaderEpochGrows,
  'Stale Controllers Are Refused': staleControllers,
  'Maximal ISR Covers ZooKeeper': maximal,
};
