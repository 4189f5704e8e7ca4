/** What panels hear of a session, where a client has panels. */
import type { ViewEvent } from '../view/contract.ts';
import type { Session } from '../session/session.ts';

export class View {
  /** Nothing is drawn for a client that has no panels. */
  isWanted = false;

  constructor(private readonly tell: (event: ViewEvent) => void) {}

  show(_session: Session): void {
    if (!this.isWanted) return;
  }

  end(scenario: string, verdict: string): void {
    if (this.isWanted) this.tell({ type: 'ended', scenario, verdict });
  }
}
