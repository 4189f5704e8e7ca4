/** Reports the progress of long work to a client that shows it. */
import type { DebugProtocol } from '@vscode/debugprotocol';

/** Shorter work is over before a user could read the report. */
const quietMs = 500;
export const betweenMs = 250;

export type Send = (event: string, body: object) => void;

/**
 * One piece of work; `update` is called now and then while it goes on. `begin` is called before a
 * part of it that nothing interrupts, if that may take long: clients wait a moment themselves
 * before they show a progress, and show none that has ended by then.
 */
export class Progress {
  readonly id: string;
  private readonly began = performance.now();
  private told: number | undefined;

  constructor(
    number: number,
    private readonly title: string,
    private readonly send: Send,
  ) {
    this.id = `lockstep-${number}`;
  }

  /** `message` says how far the work is; it is computed only if it is sent. */
  update(message: () => string): void {
    const now = performance.now();
    if (this.told === undefined) {
      if (now - this.began >= quietMs) this.start(message());
      return;
    }
    if (now - this.told < betweenMs) return;
    this.told = now;
    const body: DebugProtocol.ProgressUpdateEvent['body'] = {
      progressId: this.id,
      message: message(),
    };
    this.send('progressUpdate', body);
  }

  begin(message: () => string): void {
    if (this.told === undefined) this.start(message());
    else this.update(message);
  }

  private start(message: string): void {
    this.told = performance.now();
    const body: DebugProtocol.ProgressStartEvent['body'] = {
      progressId: this.id,
      title: this.title,
      cancellable: true,
      message,
    };
    this.send('progressStart', body);
  }

  end(): void {
    if (this.told === undefined) return;
    this.told = undefined;
    this.send('progressEnd', { progressId: this.id });
  }
}
