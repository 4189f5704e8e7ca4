/** What logical clocks need to know of a run: who acted in each step, and what caused it. */
import type { MessageMoment, StepEffects } from '../seam/moment.ts';
import { isReset } from '../connection/reception.ts';

export interface CausalRecord {
  /** The steps up to this one belong to the run that this one branched from. */
  readonly base: number;
  readonly length: number;
  /** For each node at the start, whether it boots then. */
  readonly booted: readonly boolean[];
  /** The index of the node that acted in a step; −1 if none did. */
  acted(step: number): number;
  /**
   * The index of the node whose message the step received or duplicated; −1 if there is no such
   * message, or no node sent it.
   */
  sender(step: number): number;
  /** The step that sent that message; 0 for the start. */
  cause(step: number): number;
}

/** Whether no node sent a message: the network reset a connection, or a host gave up on a peer. */
export function isUnsent(message: Pick<MessageMoment, 'isSignal' | 'body'>): boolean {
  if (!isReset(message)) return false;
  const { by, how } = message.body;
  return by === 'network' || how === 'timed out';
}

/** The three columns of a run that is not recorded otherwise: 8 bytes for each step. */
export class StepLog implements CausalRecord {
  readonly base = 0;
  private actors = new Int16Array(1_024);
  private senders = new Int16Array(1_024);
  private causes = new Int32Array(1_024);
  private count = 0;

  constructor(readonly booted: readonly boolean[]) {}

  get length(): number {
    return this.count;
  }

  /** Notes the next step; `isDuplicate` if it put a copy of its message in flight. */
  note(effects: Caused, isDuplicate: boolean): void {
    const at = this.count++;
    if (at === this.actors.length) this.grow();
    this.actors[at] = effects.acted;
    this.senders[at] = senderOf(effects, isDuplicate);
    this.causes[at] = effects.cause;
  }

  acted(step: number): number {
    return step === 0 ? -1 : this.actors[step - 1];
  }

  sender(step: number): number {
    return step === 0 ? -1 : this.senders[step - 1];
  }

  cause(step: number): number {
    return step === 0 ? -1 : this.causes[step - 1];
  }

  private grow(): void {
    const { actors, senders, causes } = this;
    (this.actors = new Int16Array(actors.length * 2)).set(actors);
    (this.senders = new Int16Array(actors.length * 2)).set(senders);
    (this.causes = new Int32Array(actors.length * 2)).set(causes);
  }
}

type Caused = Pick<StepEffects, 'acted' | 'cause' | 'message'>;

function senderOf({ acted, message }: Caused, isDuplicate: boolean): number {
  if (message === null || (acted < 0 && !isDuplicate) || isUnsent(message)) return -1;
  return message.fromIndex;
}
