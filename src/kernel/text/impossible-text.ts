/** The sentence for an action that is not possible now. */
import type { MessageName } from '../action.ts';
import type { Impossible } from '../impossible.ts';
import { messageName, timerName } from './action-text.ts';

export function impossibleText(reason: Impossible): string {
  switch (reason.type) {
    case 'unknown node':
      return `there is no node ${reason.node}`;
    case 'crashed':
      return `${reason.node} is crashed`;
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

function ownMessageText(name: MessageName): string {
  const itself = `is a message of ${name.from} to itself`;
  return `${messageName(name)} ${itself}, which does not pass through the network`;
}
