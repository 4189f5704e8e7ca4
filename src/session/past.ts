/** The recorded steps of a session's branch, as stacks, variables and panels read them. */
import type { Causality } from '../kernel/seam/causality.ts';
import type { Capabilities } from '../kernel/seam/movement.ts';
import type { World } from '../kernel/world.ts';
import { type Measured, measuredAt } from '../scenario/measures.ts';
import type { ActivityNow } from '../scenario/workload/activity.ts';
import type { Code } from '../code/code.ts';
import { theStart, traceOf } from './entry.ts';
import type { Explained } from './explain.ts';
import type { Branch } from './branches/branch.ts';
import type { Reading, RecordedBranch, WalkedStep } from './read/reading.ts';
import type { ReplayedTrace } from './replayed-trace.ts';
import type { Script } from './script.ts';
import type { Simulation } from './simulation.ts';

export abstract class Past {
  abstract readonly simulation: Simulation;
  /** Set by the adapter, once that run is at its end. */
  compared: Reading | null = null;
  counterpart = '';
  private readonly pastTraces = new WeakMap<Explained, ReplayedTrace>();

  constructor(
    readonly script: Script,
    readonly code: Code,
  ) {}

  get scenario() {
    return this.script.scenario;
  }

  get activities(): readonly ActivityNow[] {
    return this.script.activities(this.moment);
  }

  get measured(): readonly Measured[] {
    const { moment, scenario } = this;
    return measuredAt(scenario, moment, moment.time);
  }

  get capabilities(): Capabilities {
    return this.simulation.capabilities;
  }

  get length(): number {
    return this.simulation.length;
  }

  get moment(): World {
    return this.simulation.world;
  }

  get clocks(): Causality {
    return this.simulation.clocks;
  }

  explain(step: number): Explained {
    return this.simulation.explain(step);
  }

  explainAll(steps: readonly number[]): readonly Explained[] {
    return this.simulation.explainAll(steps);
  }

  traceOf(step: number): ReplayedTrace | undefined {
    const { code, pastTraces } = this;
    const explained = this.explain(step);
    const { action, handler, before } = explained;
    if (!code.variants || (action && !handler)) return undefined;
    const known = pastTraces.get(explained);
    if (known) return known;
    const trace = traceOf(code.variants, before, action ?? theStart, false);
    pastTraces.set(explained, trace);
    return trace;
  }

  chain(step: number): readonly number[] {
    return this.simulation.chain(step);
  }

  lastActed(node: number, step: number): number {
    return this.simulation.lastActed(node, step);
  }

  scenarioStep(step: number): number {
    const { moment } = this;
    return this.script.position(step > moment.step ? moment : this.explain(step).before);
  }

  walk(first: number, visit: (step: WalkedStep) => void, last?: number): void {
    this.simulation.walk(first, visit, last);
  }

  get recorded(): readonly RecordedBranch[] {
    return this.simulation.recorded;
  }

  /** The same of one that may be beside the tree. */
  recordedOf(branch: Branch): RecordedBranch {
    return this.simulation.recordedOf(branch);
  }
}
