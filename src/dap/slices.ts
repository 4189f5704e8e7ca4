/** Runs a long motion in slices, so that *pause* and every other request are heard between them. */

/** How long a slice may take. */
const sliceMs = 10;

const yieldToOthers: (next: () => void) => void =
  typeof setImmediate === 'function' ? (next) => setImmediate(next) : (next) => setTimeout(next, 0);

/** Carries `advance` on until it answers, or until it is halted between two slices. */
export class Slices<Result> {
  private isHalted = false;

  constructor(
    private readonly advance: (budget: number) => Result | undefined,
    private readonly onEnd: (result: Result | 'halted') => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.slice(64);
  }

  halt(): void {
    this.isHalted = true;
  }

  private slice(before: number): void {
    let budget = before;
    try {
      const end = performance.now() + sliceMs;
      let now = performance.now();
      while (now < end) {
        if (this.isHalted) return this.onEnd('halted');
        const result = this.advance(budget);
        if (result !== undefined) return this.onEnd(result);
        const next = performance.now();
        // As much at once as takes a millisecond or two, however slow a handler is.
        if (next - now < 1) budget *= 2;
        else if (next - now > 2 && budget > 1) budget >>= 1;
        now = next;
      }
    } catch (error) {
      return this.onError(error);
    }
    yieldToOthers(() => this.slice(budget));
  }
}
