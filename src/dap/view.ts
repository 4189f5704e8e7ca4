/** Sends a session's state to the client's panels, if it has any. */
import type { Session } from '../session/session.ts';
import type { ViewEvent } from '../view/contract.ts';
import { viewOf } from '../view/view.ts';
import { yieldToOthers } from './slices.ts';

export class View {
  /** Nothing is drawn for a client that has no panels. */
  isWanted = false;
  private turn = 0;

  constructor(private readonly tell: (event: ViewEvent) => void) {}

  /** Sends the session's current state, once the editor's own requests are answered. */
  show(session: Session): void {
    if (!this.isWanted) return;
    const turn = ++this.turn;
    yieldToOthers(() => {
      if (turn === this.turn) this.tell({ type: 'stopped', view: viewOf(session) });
    });
  }

  running({ script }: Session): void {
    this.turn++;
    if (this.isWanted) this.tell({ type: 'running', scenario: script.scenario.file });
  }

  end({ script }: Session, verdict: string): void {
    this.turn++;
    if (this.isWanted) this.tell({ type: 'ended', scenario: script.scenario.file, verdict });
  }
}
