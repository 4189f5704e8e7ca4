/** The mutants of Kafka: each changes one line of a file in src/protocols/kafka. */
import type { Mutant } from '../mutant.ts';

export const kafkaMutants: Record<string, Mutant> = {
  'kafka-same-controller-epoch': {
    doc: 'A new controller stores the epoch that it has read, instead of the next one.',
    in: 'controller.ts',
    line: 'const epoch = Number(value) + 1;',
    broken: 'const epoch = Math.max(1, Number(value));',
    violates: 'One Controller Per Epoch',
  },
  'kafka-same-leader-epoch': {
    doc: 'An election keeps the leader epoch.',
    in: 'election.ts',
    line: 'const next = leaderEpoch + 1;',
    broken: 'const next = Math.max(0, leaderEpoch);',
    violates: 'One Leader Per Epoch',
  },
  'kafka-unchecked-controller': {
    doc: 'The controller does not check the version of /controller_epoch (KAFKA-6082).',
    in: 'controller.ts',
    line: 'const ops = node.options.checksControllerEpoch ? [check, set] : [set];',
    broken: 'const ops = version < 0 ? [check, set] : [set];',
    violates: 'Replaced Controllers Do Not Write',
  },
  'kafka-unchecked-version': {
    doc: 'ZooKeeper compares the version of no znode that is set.',
    in: 'zookeeper.ts',
    line: "return known?.version === one.version ? null : 'BAD_VERSION';",
    broken: "return one.op === 'set' || known?.version === one.version ? null : 'BAD_VERSION';",
    violates: 'Leader Epoch Never Goes Back',
  },
  'kafka-obeys-any-controller': {
    doc: 'A broker does not compare the controller epoch of a request.',
    in: 'broker.ts',
    line: 'if (controllerEpoch >= state.controllerEpoch) return null;',
    broken: 'if (controllerEpoch > 0) return null;',
    violates: 'Stale Controllers Are Refused',
  },
  'kafka-hasty-shrink': {
    doc: 'The leader uses a smaller ISR before ZooKeeper has it.',
    in: 'kafka/partition/isr.ts',
    line: 'node.state.pendingIsr = { isr, isRefused: false };',
    broken: 'node.state.isr = isr; node.state.pendingIsr = { isr, isRefused: false };',
    violates: 'Maximal ISR Covers ZooKeeper',
  },
  'kafka-hasty-shrink-loses': {
    doc: 'The leader uses a smaller ISR before ZooKeeper has it, and a replica without it leads.',
    in: 'kafka/partition/isr.ts',
    line: 'node.state.pendingIsr = { isr, isRefused: false };',
    broken: 'node.state.isr = isr; node.state.pendingIsr = { isr, isRefused: false };',
    violates: 'Acknowledged Records Survive',
  },
  'kafka-before-kip-101': {
    doc: 'A follower of a new leader cuts its log to its high watermark, which lags.',
    in: 'broker.ts',
    line: "} else if (options.truncation === 'high watermark' && isNewLeader) {",
    broken: "} if (options.truncation === 'leader epoch' && isNewLeader) {",
    violates: 'Acknowledged Records Survive',
  },
  'kafka-no-truncation': {
    doc: 'A follower of a new leader keeps the end of its last epoch.',
    in: 'kafka/partition/log.ts',
    line: 'return isShared ? { epoch, endOffset: Math.min(own.endOffset, endOffset) } : own;',
    broken: 'return isShared ? { epoch, endOffset: own.endOffset } : own;',
    violates: 'Logs Agree Up To High Watermark',
  },
  'kafka-follower-jumps': {
    doc: 'A follower takes over the high watermark of the leader, even above its own log.',
    in: 'kafka/partition/follower.ts',
    line: 'const highWatermark = Math.min(message.highWatermark, state.log.length);',
    broken: 'const highWatermark = message.highWatermark;',
    violates: 'Logs Agree Up To High Watermark',
  },
  'kafka-watermark-falls': {
    doc: 'A follower takes over a high watermark that is lower than its own.',
    in: 'kafka/partition/follower.ts',
    line: 'if (highWatermark > state.highWatermark) {',
    broken: 'if (highWatermark !== state.highWatermark) {',
    violates: 'High Watermark Never Goes Back',
  },
  'kafka-reads-uncommitted': {
    doc: 'A consumer reads up to the end of the log.',
    in: 'kafka/partition/leader.ts',
    line: 'const last = Math.min(highWatermark, offset + node.options.fetchMaxRecords);',
    broken: 'const last = Math.max(highWatermark, offset + node.options.fetchMaxRecords);',
    violates: 'Consumers Read Committed Records',
  },
};
