/** Reads the columns of the lanes part by part, so that the adapter answers others in between. */

import type {
  SpacetimeAnswer, SpacetimeQuestion,
} from '../../src/view/spacetime/spacetime-view.ts';
import type { Lane } from './lane.ts';

export type Ask = (question: SpacetimeQuestion) => Promise<SpacetimeAnswer>;

/** One part should take about this long, on its way there and back. */
const partMs = 16;
const least = 64;
const most = 512;

/** How many steps to ask for next, from how long the last part took. */
export class Pace {
  steps = 256;

  note(elapsedMs: number): void {
    if (elapsedMs < partMs / 2) this.steps = Math.min(most, this.steps * 2);
    else if (elapsedMs > partMs * 2) this.steps = Math.max(least, this.steps >> 1);
  }
}

export class Loader {
  private readonly pace = new Pace();
  private lanes: readonly Lane[] = [];
  private isRunning = false;
  /** How often lanes were wanted. */
  private wants = 0;

  constructor(
    private readonly ask: Ask,
    private readonly read: () => void,
  ) {}

  /** The lanes to read; those that were read before are read on. */
  want(lanes: readonly Lane[]): void {
    this.lanes = lanes;
    this.wants++;
    if (!this.isRunning) void this.run();
  }

  /** A refusal, because the run goes on, may come after the next stop: that is read, too. */
  private async run(): Promise<void> {
    this.isRunning = true;
    for (let served = 0; served !== this.wants;) {
      served = this.wants;
      await this.readOn();
    }
    this.isRunning = false;
  }

  private async readOn(): Promise<void> {
    try {
      for (let lane = this.next(); lane; lane = this.next()) {
        const begun = performance.now();
        const { count: from, texts } = lane;
        const question = { lane: lane.view.key, from, most: this.pace.steps, labels: texts.length };
        const answer = await this.ask({ type: 'steps', ...question });
        this.pace.note(performance.now() - begun);
        if (answer.type !== 'steps' || answer.times.length === 0) return;
        lane.append(answer);
        this.read();
      }
    } catch {
      // The run goes on: the next stop reads on.
    }
  }

  private next(): Lane | undefined {
    return this.lanes.find((lane) => !lane.isWhole);
  }
}
