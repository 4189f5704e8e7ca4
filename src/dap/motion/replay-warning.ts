/** Warns once about code that makes stepping back inexact. */
import { inexactReplay } from '../../session/inexact-replay.ts';
import type { Session } from '../../session/session.ts';
import { inexactReplayText } from '../words/console.ts';

export class ReplayWarning {
  private isGiven = false;

  constructor(private readonly print: (text: string) => void) {}

  check(session: Session): void {
    const found = this.isGiven ? undefined : inexactReplay(session);
    if (found === undefined) return;
    this.isGiven = true;
    this.print(inexactReplayText(found));
  }
}
