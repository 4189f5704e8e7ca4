/** Names the handler that an action runs, for verdicts: plain data that monitors keep. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';

export interface HandlerName {
  readonly kind: 'message' | 'timer' | 'operation' | 'start';
  /** The message type, the timer or the operation. */
  readonly name: string;
}

const boot: HandlerName = { kind: 'start', name: 'start' };

/** The handler that the last action ran; null stands for the boot of all nodes. */
export function handlerName(action: Action | Pending | null, effects: Effects): HandlerName {
  if (action === null) return boot;
  switch (action.type) {
    case 'postponed':
      return handlerName(action.action, effects);
    case 'deliver':
      return { kind: 'message', name: effects.message?.body.type ?? '' };
    case 'fire':
      return { kind: 'timer', name: action.timer };
    case 'invoke':
      return { kind: 'operation', name: action.operation };
    default:
      return boot;
  }
}
