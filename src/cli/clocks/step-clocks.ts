/** The logical clocks of the steps of a run that is not recorded, as its lines show them. */
import type { Action } from '../../kernel/action.ts';
import { StepLog } from '../../kernel/causality/causal-record.ts';
import { LogicalClocks } from '../../kernel/causality/logical-clocks.ts';
import type { Effects } from '../../kernel/effects.ts';
import type { Pending } from '../../kernel/pending.ts';
import { clocksText, vectorFields } from '../../kernel/text/clocks-text.ts';
import type { World } from '../../kernel/world.ts';

export class StepClocks {
  private log: StepLog | undefined;
  private clocks: LogicalClocks | undefined;

  /** Notes the start, without an action, and then each step. */
  note(world: World, action: Action | Pending | null, effects: Effects): void {
    if (this.log === undefined) {
      this.log = new StepLog(world.nodes.map(({ started }) => started));
      this.clocks = new LogicalClocks(this.log);
    }
    if (action !== null) this.log.note(effects, action.type === 'duplicate');
  }

  /** `Lamport 12, vector {n1: 3, n2: 5}` of the last step; undefined if it has no clock. */
  text({ nodes, step }: World): string | undefined {
    const time = this.clocks?.at(step);
    return time && clocksText(time, nodes);
  }

  /** The same as fields; at the start, a vector for each node that boots. */
  fields({ nodes, step }: World): object {
    const { clocks } = this;
    if (clocks === undefined) return {};
    if (step === 0) {
      const booted = nodes.filter(({ index }) => clocks.latest(index, 0) !== undefined);
      return { lamport: 1, vectors: Object.fromEntries(booted.map(({ id }) => [id, { [id]: 1 }])) };
    }
    const time = clocks.at(step);
    return time ? { lamport: time.lamport, vector: vectorFields(time, nodes) } : {};
  }
}
