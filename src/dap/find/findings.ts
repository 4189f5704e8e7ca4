/** What the searches of a session found, by numbers from 1; and the one under way. */
import type { FoundRun } from '../../session/recorded/found-run.ts';
import { RequestRefusal } from '../refusal.ts';
import type { SavedText } from './finder.ts';

export interface KeptFinding extends FoundRun {
  readonly saved: Promise<SavedText>;
}

export class Findings {
  isSearching = false;
  private isCancelled = false;
  private readonly all: KeptFinding[] = [];
  private readonly ends: (() => void)[] = [];
  private cancelling: () => void = () => undefined;

  /** Returns what ends it. */
  begin(): () => void {
    this.isSearching = true;
    this.isCancelled = false;
    this.cancelling = () => undefined;
    return () => (this.isSearching = false);
  }

  /** Called at once if the search was cancelled before it could begin. */
  onCancel(cancel: () => void): void {
    this.cancelling = cancel;
    if (this.isCancelled) cancel();
  }

  cancel(): void {
    if (!this.isSearching) return;
    this.isCancelled = true;
    this.cancelling();
  }

  /** Called when the session is over. */
  onEnd(end: () => void): void {
    this.ends.push(end);
  }

  end(): void {
    for (const end of this.ends.splice(0)) end();
  }

  add(finding: KeptFinding): number {
    return this.all.push(finding);
  }

  get(number: number): KeptFinding {
    const finding = this.all[number - 1];
    if (finding === undefined) throw new RequestRefusal({ code: 'no finding', number });
    return finding;
  }
}
