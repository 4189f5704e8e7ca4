/** What panels hear of a session, where a client has panels. */
import type { Session } from '../session/session.ts';
import type { ViewEvent } from '../view/contract.ts';
import { viewOf } from '../view/view.ts';
import { yieldToOthers } from './slices.ts';

export class View {
  /** Nothing is drawn for a client that has no panels. */
  isWanted = false;
  private turn = 0;

  constructor(private readonly tell: (event: ViewEvent) => void) {}

  /** Draws where the session stands, once what the editor asks of it is answered. */
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
