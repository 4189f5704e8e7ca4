/** A branch of a simulation as it is recorded, for readers of more than the cursor's past. */
import type { LogicalClocks } from '../../kernel/causality/logical-clocks.ts';
import { Effects } from '../../kernel/effects.ts';
import type { Run } from '../../kernel/run.ts';
import type { World } from '../../kernel/world.ts';
import type { Explained } from '../explain.ts';
import type { RecordedBranch, Walk, WalkedStep } from '../read/reading.ts';

interface Branch {
  readonly number: number;
  readonly run: Run;
  readonly parent: { readonly number: number } | null;
}

/** What the simulation computes of any of its runs. */
export interface Runs {
  explain(step: number, run: Run): Explained;
  clocksOf(run: Run): LogicalClocks;
}

export class RecordedRun implements RecordedBranch {
  constructor(
    private readonly branch: Branch,
    private readonly runs: Runs,
  ) {}

  get number(): number {
    return this.branch.number;
  }

  get parted(): RecordedBranch['parted'] {
    const { parent, run } = this.branch;
    return parent && { from: parent.number, step: run.base };
  }

  get length(): number {
    return this.branch.run.length;
  }

  get clocks(): LogicalClocks {
    return this.runs.clocksOf(this.branch.run);
  }

  explain(step: number): Explained {
    return this.runs.explain(step, this.branch.run);
  }

  walk(first: number): Walk {
    return new WalkOfRun(this.branch.run, this, first);
  }
}

/** Keeps its own world, so that each part goes on where the one before it ended. */
class WalkOfRun implements Walk {
  private readonly effects = new Effects();
  private world: World | undefined;

  constructor(
    private readonly run: Run,
    private readonly recorded: RecordedRun,
    public next: number,
  ) {}

  go(most: number, visit: (step: WalkedStep) => void): void {
    const { run, effects } = this;
    const last = Math.min(this.next + most - 1, run.length);
    if (this.next === 0 && last >= 0) {
      const { after: moment, effects: booted } = this.recorded.explain(0);
      visit({ step: 0, action: null, effects: booted, moment });
      this.next = 1;
    }
    if (this.next > last) return;
    const moment = (this.world ??= run.at(this.next - 1));
    run.replay(moment, last, effects, (action) => {
      visit({ step: moment.step, action, effects, moment });
    });
    this.next = last + 1;
  }
}
