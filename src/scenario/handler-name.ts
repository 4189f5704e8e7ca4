/** Names the handler that an action runs, for verdicts: plain data that monitors keep. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Message, Pending } from '../kernel/pending.ts';

export interface HandlerName {
  readonly kind: 'message' | 'timer' | 'operation' | 'start' | 'connection';
  /** The message type, the timer or the operation; `opened` or `ended` of a connection. */
  readonly name: string;
}

const boot: HandlerName = { kind: 'start', name: 'start' };

function messageHandler(message: Message | null): HandlerName {
  const name = message?.body.type ?? '';
  if (message?.isSignal !== true) return { kind: 'message', name };
  return { kind: 'connection', name: name.startsWith('SYN') ? 'opened' : 'ended' };
}

/** The handler that the last action ran; null stands for the boot of all nodes. */
export function handlerName(action: Action | Pending | null, effects: Effects): HandlerName {
  if (action === null) return boot;
  switch (action.type) {
    case 'postponed':
      return handlerName(action.action, effects);
    case 'deliver':
      return messageHandler(effects.message);
    case 'fire':
      return { kind: 'timer', name: action.timer };
    case 'invoke':
      return { kind: 'operation', name: action.operation };
    case 'retransmit':
    case 'probe':
      return { kind: 'connection', name: 'ended' };
    default:
      return boot;
  }
}
