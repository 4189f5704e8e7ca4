/** The sentence for an action that is not possible now. */
import type { NodeId } from '../../protocol/types.ts';
import type { MessageName } from '../action.ts';
import type { Impossible } from '../impossible.ts';
import type { HostStatus } from '../seam/moment.ts';
import type { NotAdded } from '../joining.ts';
import { messageName, timerName } from './action-text.ts';

export function impossibleText(reason: Impossible): string {
  switch (reason.type) {
    case 'unknown node':
      return `there is no node ${reason.node}`;
    case 'crashed':
      return `${reason.node} is crashed`;
    case 'down':
      return `${reason.node} has not started yet`;
    case 'node exists':
    case 'too many nodes':
    case 'unknown role':
    case 'no joining':
      return notAddedText(reason);
    case 'running':
      return `${reason.node} is running`;
    case 'paused':
      return `${reason.node} is paused`;
    case 'not paused':
      return `${reason.node} is not paused`;
    case 'not in flight':
      return `${messageName(reason.message)} is not in flight`;
    case 'held':
      return `${messageName(reason.message)} waits until ${reason.node} resumes`;
    case 'sent again':
      return `${messageName(reason.message)} did not arrive: ${reason.node} will send it again`;
    case 'out of order': {
      const { message, first, connection } = reason;
      const before = `${messageName(first)} arrives before ${messageName(message)}`;
      return `on connection ${connection}, ${before}`;
    }
    case 'on a connection': {
      const { message, connection } = reason;
      return `${messageName(message)} is on connection ${connection}, which delivers it once`;
    }
    case 'no connection':
      return `there is no connection between ${reason.nodes.join(' and ')}`;
    case 'nothing to send':
      return `${reason.node} has nothing to send again on connection ${reason.connection}`;
    case 'nothing to write':
      return `no write of ${reason.node} is on its way to the disk`;
    case 'host':
      return hostText(reason.node, reason.host);
    case 'own message':
      return ownMessageText(reason.message);
    case 'timer not set':
      return `timer ${timerName(reason.timer, reason.key)} of ${reason.node} is not set`;
    case 'unknown operation':
      return `${reason.node} has no operation ${reason.operation}`;
    case 'not waiting':
      return `${reason.operation} does not wait for ${reason.node} to resume`;
  }
}

function hostText(node: NodeId, host: HostStatus): string {
  if (host === 'off') return `the host of ${node} has no power`;
  return `the host of ${node} is ${host === 'on' ? 'plugged in' : host}`;
}

function ownMessageText(name: MessageName): string {
  const itself = `is a message of ${name.from} to itself`;
  return `${messageName(name)} ${itself}, which does not pass through the network`;
}

/** Why a node cannot be added to the cluster. */
export function notAddedText(reason: NotAdded): string {
  switch (reason.type) {
    case 'node exists':
      return `there is already a node ${reason.node}`;
    case 'too many nodes':
      return `a cluster can have at most ${reason.most} nodes`;
    case 'unknown role':
      return `there is no role ${reason.role}`;
    case 'no joining': {
      const { role, why = 'the protocol does not say how one joins' } = reason;
      return `no ${role} can be added during a run: ${why}`;
    }
  }
}
