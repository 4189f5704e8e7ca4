// A class around plain data. State must be plain, so a handler makes an instance when it needs one.

/** What the state holds: how often the token came from each node. */
export interface VisitsData {
  counts: Record<string, number>;
}

export const noVisits = (): VisitsData => ({ counts: {} });

export class Visits {
  // The instance changes the data that it was given, and keeps nothing else.
  constructor(private readonly data: VisitsData) {}

  add(from: string): void {
    this.data.counts[from] = this.of(from) + 1;
  }

  of(from: string): number {
    return this.data.counts[from] ?? 0;
  }
}
