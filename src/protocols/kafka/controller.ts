/** The controller: elected with an ephemeral znode, it elects the leader of the partition. */
// core/KafkaController.scala and KafkaZkClient. Each of its writes is a multi that also checks the
// version of /controller_epoch: the write of a controller that was replaced fails.
import type { Node, NodeId } from '../../protocol/types.ts';
import { electLeader } from './election.ts';
import type { Broker, LeaderAndIsr, Received } from './messages.ts';
import type { Controller, PartitionState, RequestBody, ZnodeOp } from './state.ts';
import { paths } from './state.ts';
import { read, submit } from './zk-client.ts';

type Server = Node<Broker>;

export function controllerRead(node: Server, { value }: Received<'ReadReply'>): void {
  const { state } = node;
  state.controllerId = typeof value === 'string' ? value : null;
  if (state.controller !== null && value !== node.id) resign(node);
  if (value === null) read(node, 'read epoch', paths.controllerEpoch, false);
}

/** One multi: the znode /controller, and the next epoch if no other broker took that. */
export function epochRead(node: Server, { value, version }: Received<'ReadReply'>): void {
  const epoch = Number(value) + 1;
  submit(node, 'elect', {
    type: 'Multi',
    ops: [
      { op: 'create ephemeral', path: paths.controller, value: node.id },
      { op: 'set', path: paths.controllerEpoch, value: epoch, version },
    ],
  });
}

export function electionAnswered(
  node: Server,
  { error, value, version }: Received<'MultiReply'>,
): void {
  const { state } = node;
  if (error === null) {
    const epoch = Number(value);
    state.controller = newController(epoch, version);
    node.event('ControllerElected', { controllerEpoch: epoch });
    read(node, 'read brokers', paths.brokers, true);
  } else {
    const controllerId = typeof value === 'string' ? value : null;
    node.event('ControllerElectionLost', { controllerId });
  }
  read(node, 'find controller', paths.controller, true);
}

function newController(epoch: number, epochVersion: number): Controller {
  return {
    epoch, epochVersion, live: {}, bounced: [], partition: null, partitionVersion: -1,
    isWriting: false, informed: [],
  };
}

export function resign(node: Server): void {
  const { state } = node;
  const { epoch: controllerEpoch } = state.controller!;
  state.controller = null;
  node.cancelTimer('inform');
  node.event('ControllerResigned', { controllerEpoch, controllerId: state.controllerId });
}

/** A broker that registered anew was gone in between, even if no watch showed that (KIP-380). */
export function brokersRead(node: Server, { children }: Received<'ReadReply'>): void {
  const { controller } = node.state;
  if (controller === null) return;
  const live: Controller['live'] = {};
  for (const { name, czxid } of children) {
    live[name] = czxid;
    const before = controller.live[name] ?? czxid;
    if (before !== czxid && !controller.bounced.includes(name)) controller.bounced.push(name);
  }
  controller.live = live;
  read(node, 'read partition', paths.partition, false);
}

export function partitionRead(node: Server, { value, version }: Received<'ReadReply'>): void {
  const { controller } = node.state;
  if (controller === null) return;
  const partition = value as PartitionState;
  if (partition.leaderEpoch !== controller.partition?.leaderEpoch) controller.informed = [];
  controller.partition = partition;
  controller.partitionVersion = version;
  decide(node);
}

/** Elects a leader if there is none, and removes replicas that are gone from the ISR. */
function decide(node: Server): void {
  const controller = node.state.controller!;
  const { live, bounced, partition, partitionVersion, epoch: controllerEpoch } = controller;
  if (controller.isWriting || partition === null) return;
  const isUp = (id: NodeId) => id in live && !bounced.includes(id);
  controller.informed = controller.informed.filter(isUp);
  const chosen = electLeader(partition, node.nodes('broker'), isUp, node.options.uncleanElection);
  if (chosen === null) {
    if (bounced.length === 0) return inform(node);
    controller.bounced = [];
    return decide(node);
  }
  controller.isWriting = true;
  const value: PartitionState = { ...chosen, controllerEpoch };
  node.event('PartitionDecided', { ...value });
  const set: ZnodeOp = { op: 'set', path: paths.partition, value, version: partitionVersion };
  const version = controller.epochVersion;
  const check: ZnodeOp = { op: 'check', path: paths.controllerEpoch, version };
  const ops = node.options.checksControllerEpoch ? [check, set] : [set];
  submit(node, 'write partition', { type: 'Multi', ops });
}

export function writeAnswered(
  node: Server,
  { error, path, value, version }: Received<'MultiReply'>,
  body: RequestBody,
): void {
  const { controller } = node.state;
  if (error !== null && path === paths.controllerEpoch) return fenced(node, body, Number(value));
  if (controller === null) return;
  controller.isWriting = false;
  // The leader changed the ISR in between, or this write was executed in a session that ended.
  if (error !== null) return read(node, 'read partition', paths.partition, false);
  const before = controller.partition!;
  const partition = value as PartitionState;
  controller.partition = partition;
  controller.partitionVersion = version;
  controller.informed = [];
  const { leader, leaderEpoch } = partition;
  if (leader !== null && !before.isr.includes(leader)) {
    node.event('UncleanElection', { leader, leaderEpoch, isr: before.isr });
  }
  node.event('PartitionChanged', { ...partition });
  decide(node);
}

/** ZooKeeper refused the write: another broker has been elected since. */
function fenced(node: Server, body: RequestBody, current: number): void {
  const set = body.type === 'Multi' ? body.ops.find(({ op }) => op === 'set') : undefined;
  const written = set?.op === 'set' ? (set.value as PartitionState) : null;
  node.event('ControllerFenced', { controllerEpoch: written?.controllerEpoch ?? 0, current });
  if (node.state.controller?.epoch === written?.controllerEpoch) resign(node);
}

/** Tells each replica who leads, until it answers. */
export function inform(node: Server): void {
  const { controller } = node.state;
  if (controller === null || controller.partition === null) return;
  const { live, informed, epoch: controllerEpoch, partition, partitionVersion } = controller;
  const { leader, leaderEpoch, isr } = partition;
  const missing = node.nodes('broker').filter((id) => id in live && !informed.includes(id));
  for (const id of missing) {
    const request: LeaderAndIsr = {
      controllerEpoch, brokerEpoch: live[id], partition: { leader, leaderEpoch, isr },
      partitionVersion,
    };
    node.send(id, { type: 'LeaderAndIsr', ...request });
  }
  if (missing.length > 0) node.setTimer('inform', node.options.requestTimeout);
  else node.cancelTimer('inform');
}

export function informed(
  node: Server,
  { controllerEpoch, leaderEpoch, error }: Received<'LeaderAndIsrResponse'>,
  from: NodeId,
): void {
  const { controller } = node.state;
  if (controller?.epoch !== controllerEpoch) return;
  if (controller.partition?.leaderEpoch !== leaderEpoch) return;
  // A broker that has registered anew, or is about to, is informed again.
  if (error === 'STALE_BROKER_EPOCH' || controller.informed.includes(from)) return;
  controller.informed.push(from);
}
