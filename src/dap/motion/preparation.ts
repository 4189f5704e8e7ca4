/** Instruments code for stepping by lines while the user looks at a stop. */
import type { Code } from '../../code/code.ts';

/** Right after a stop the client asks for the stack and the variables, which must not wait. */
const prepareAfterMs = 300;

export class Preparation {
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `failed` is called with an error in the work, which nothing awaits. */
  constructor(private readonly failed: (error: unknown) => void) {}

  begin({ variants }: Code): void {
    this.end();
    this.timer = setTimeout(() => {
      try {
        variants?.prepare();
      } catch (error) {
        this.failed(error);
      }
    }, prepareAfterMs);
    // It must not keep the process alive.
    if (typeof this.timer === 'object') this.timer.unref();
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
