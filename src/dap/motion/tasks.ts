/** Work that a request waits for: it reports how far it is, and the client can cancel it. */
import type { LoadPart, Pace } from '../load.ts';
import { RequestRefusal } from '../refusal.ts';
import type { TimeLimit } from '../time-limit.ts';
import { loadPartText } from '../words/progress.ts';
import { betweenMs, Progress, type Send } from './progress.ts';
import { yieldToOthers } from './slices.ts';

/** Work in parts, each of which is bounded. */
export type Parts<Result> = (task: Task, bounded: TimeLimit) => Promise<Result>;

/** What begins a task, besides its work. */
export interface Begun {
  readonly title: string;
  /** The number of the request that waits for it. */
  readonly request: number;
  /** False if its client shows the progress by other means. */
  readonly isShown?: boolean;
  /** Called when it is cancelled, before its request is refused. */
  readonly onCancel?: () => void;
}

export class Task {
  isCancelled = false;
  /** Rejects when the task is cancelled. */
  readonly cancelled: Promise<never>;
  private reject: (refusal: RequestRefusal) => void = () => undefined;
  private text = '';
  private readonly timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly begun: Begun,
    readonly progress: Progress | undefined,
  ) {
    this.cancelled = new Promise((_resolve, reject) => (this.reject = reject));
    if (!progress) return;
    // Files may be slow to read, and then nothing else calls `update`.
    this.timer = setInterval(() => progress.update(() => this.text), betweenMs);
    if (typeof this.timer === 'object') this.timer.unref();
  }

  /** Called when a client cancels it: true if the work ends soon, with what it has. */
  hasResult: () => boolean = () => false;

  cancel(): void {
    this.isCancelled = true;
    this.begun.onCancel?.();
    this.reject(new RequestRefusal({ code: 'cancelled' }));
  }

  end(): void {
    clearInterval(this.timer);
    this.progress?.end();
  }

  note(text: string): void {
    this.text = text;
  }

  /** Lets other requests be answered before the next part; rejects if one of them cancelled it. */
  async before(text: string, isLong = false): Promise<void> {
    this.note(text);
    if (isLong) this.progress?.begin(() => text);
    else this.progress?.update(() => text);
    await new Promise<void>((resolve) => yieldToOthers(resolve));
    if (this.isCancelled) throw new RequestRefusal({ code: 'cancelled' });
  }

  /** How a load goes on. */
  readonly pace: Pace = {
    reading: (file) => this.note(loadPartText({ type: 'read', file })),
    before: (part: LoadPart, isLong) => this.before(loadPartText(part), isLong),
  };
}

export class Tasks {
  private readonly running = new Set<Task>();
  private count = 0;

  /** `isShown` says whether the client shows progress. */
  constructor(
    private readonly send: Send,
    private readonly isShown: () => boolean,
  ) {}

  /** Undefined if the client does not show it. */
  progress(title: string): Progress | undefined {
    return this.isShown() ? new Progress(++this.count, title, this.send) : undefined;
  }

  /** The result of `work`, or a refusal as soon as it is cancelled, whatever it still does then. */
  async run<Result>(begun: Begun, work: (task: Task) => Promise<Result>): Promise<Result> {
    const { title, isShown = true } = begun;
    const task = new Task(begun, isShown ? this.progress(title) : undefined);
    this.running.add(task);
    try {
      return await Promise.race([work(task), task.cancelled]);
    } finally {
      this.running.delete(task);
      task.end();
    }
  }

  /** Cancels the task of a request or of a progress; others have ended already. */
  cancel({ requestId, progressId }: { requestId?: number; progressId?: string }): void {
    for (const task of this.running) {
      const isNamed = progressId !== undefined && task.progress?.id === progressId;
      const isMeant = isNamed || task.begun.request === requestId;
      if (isMeant && !task.hasResult()) task.cancel();
    }
  }

  cancelAll(): void {
    for (const task of this.running) task.cancel();
  }
}
