/** What panels hear of a session, where a client has panels. */
import type { Session } from '../session/session.ts';
import type { ViewEvent } from '../view/contract.ts';
import { viewOf } from '../view/view.ts';

export class View {
  /** Nothing is drawn for a client that has no panels. */
  isWanted = false;

  constructor(private readonly tell: (event: ViewEvent) => void) {}

  show(session: Session): void {
    if (this.isWanted) this.tell({ type: 'stopped', view: viewOf(session) });
  }

  run(scenario: string): void {
    if (this.isWanted) this.tell({ type: 'running', scenario });
  }

  end(scenario: string, verdict: string): void {
    if (this.isWanted) this.tell({ type: 'ended', scenario, verdict });
  }
}
