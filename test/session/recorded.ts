/** Two other suppliers of moments: a recording of plain data, and a system that cannot go back. */
import type { Action } from '../../src/kernel/action.ts';
import { StepLog } from '../../src/kernel/causality/causal-record.ts';
import { LogicalClocks } from '../../src/kernel/causality/logical-clocks.ts';
import type { Causality } from '../../src/kernel/seam/causality.ts';
import { actionText } from '../../src/kernel/text/action-text.ts';
import type { Moment, NodeMoment, StepEffects } from '../../src/kernel/seam/moment.ts';
import type { Capabilities, Moved, Movement } from '../../src/kernel/seam/movement.ts';
import type {
  Cursor,
  ExplainedStep,
  Reading,
  RecordedBranch,
  Walk,
  WalkedStep,
} from '../../src/session/read/reading.ts';
import type { Session } from '../../src/session/session.ts';
import { atStart } from '../../src/session/stop.ts';

/** What a recording keeps of a step. */
export interface Recorded {
  readonly action: Action | null;
  readonly moment: Moment;
  readonly effects: StepEffects;
  readonly handler: ExplainedStep['handler'];
  readonly scenarioStep: number;
}

/** Every step of a session's branch, without anything of its world. */
export function record(session: Session): Recorded[] {
  return Array.from({ length: session.length + 1 }, (_, step): Recorded => {
    const { action, after, effects, handler } = session.explain(step);
    const { kind, name, node, message } = handler ?? {};
    return {
      action,
      moment: plainMoment(after),
      effects: JSON.parse(JSON.stringify(effects)) as StepEffects,
      handler: handler && ({ kind, name, node, message } as ExplainedStep['handler']),
      scenarioStep: session.scenarioStep(step),
    };
  });
}

function plainMoment(moment: Moment): Moment {
  const { time, step, messages, upcoming, hasCuts } = moment;
  const plain = JSON.parse(JSON.stringify({ time, step, messages, hasCuts })) as Moment;
  const nodes = moment.nodes.map(plainNode);
  const runs = upcoming && moment.handler(upcoming);
  return {
    ...plain,
    nodes,
    upcoming: upcoming && (JSON.parse(JSON.stringify(upcoming)) as typeof upcoming),
    isCut: () => false,
    node: (id) => nodes.find((node) => node.id === id),
    message: (name) =>
      plain.messages.find((one) => one.ordinal === name.ordinal && one.to === name.to),
    handler: () => runs,
    parameters: () => ({}),
    refuses: () => false,
    isHeartbeat: () => false,
    wording: moment.wording,
  };
}

function plainNode(node: NodeMoment): NodeMoment {
  const { index, id, role, status, state, durable, options, look, rank, alarms } = node;
  const { waiting, operations, drift, host, connections, fsync } = node;
  const fields = { index, id, role, status, state, durable, options, look, rank, alarms };
  const rest = { waiting, operations, drift, host, connections, fsync };
  const clockAt = (time: number) => time;
  return { ...(JSON.parse(JSON.stringify({ ...fields, ...rest })) as NodeMoment), clockAt };
}

/** Plays a recording: it can go back, but takes no other action than the recorded one. */
export class Recording implements Movement {
  readonly capabilities: Capabilities = { branches: false, back: 'from a checkpoint' };
  protected step = 0;

  constructor(readonly steps: readonly Recorded[]) {}

  get moment(): Moment {
    return this.steps[this.step].moment;
  }

  get effects(): StepEffects {
    return this.steps[this.step].effects;
  }

  get length(): number {
    return this.steps.length - 1;
  }

  next(): Moved {
    return this.goto(this.step + 1);
  }

  back(): Moved {
    return this.goto(this.step - 1);
  }

  goto(step: number): Moved {
    if (step < this.step && this.capabilities.back === 'impossible') {
      return { type: 'unsupported', capability: 'back' };
    }
    if (step < 0 || step > this.length) return { type: 'no such step', step };
    this.step = step;
    return { type: 'moved' };
  }

  take(action: Action): Moved {
    const next = this.steps[this.step + 1]?.action;
    if (next && actionText(next) === actionText(action)) return this.next();
    return { type: 'unsupported', capability: 'branches' };
  }
}

/** Knows only the present: earlier steps cannot be read. */
export class Live extends Recording {
  override readonly capabilities: Capabilities = { branches: false, back: 'impossible' };
}

/** Implements what the readers of a session use, for a recording. */
export class RecordingReading implements Reading {
  readonly stop = atStart;
  readonly actsOn = () => [];
  readonly entered = null;
  readonly handler = undefined;
  readonly trace = undefined;
  readonly inside = undefined;
  readonly history = [];
  readonly activities = [];
  readonly measured = [];
  readonly clocks: Causality;
  readonly compared = null;
  readonly counterpart = '';

  constructor(
    private readonly recording: Recording,
    private readonly session: Pick<Session, 'scenario' | 'code'>,
  ) {
    const { steps } = recording;
    const log = new StepLog(steps[0].moment.nodes.map(({ status }) => status !== 'down'));
    for (const { action, effects } of steps.slice(1)) {
      log.note(effects, action?.type === 'duplicate');
    }
    this.clocks = new LogicalClocks(log);
  }

  get capabilities(): Capabilities {
    return this.recording.capabilities;
  }

  get scenario() {
    return this.session.scenario;
  }

  get code() {
    return this.session.code;
  }

  get cursor(): Cursor {
    return { branch: 0, step: this.moment.step, inside: null };
  }

  get length(): number {
    return this.recording.length;
  }

  get moment(): Moment {
    return this.recording.moment;
  }

  explain(step: number): ExplainedStep | undefined {
    const { capabilities, recording } = this;
    if (capabilities.back === 'impossible' && step < this.cursor.step) return undefined;
    const { action, moment: after, effects, handler } = recording.steps[step];
    const before = recording.steps[Math.max(0, step - 1)].moment;
    return { step, action, handler, before, after, effects };
  }

  explainAll(steps: readonly number[]): readonly ExplainedStep[] {
    const all = steps.map((step) => this.explain(step));
    // The steps that can be read are the last ones.
    return all.filter((one) => one !== undefined);
  }

  traceOf(): undefined {
    return undefined;
  }

  chain(step: number): readonly number[] {
    const { cause } = this.recording.steps[step].effects;
    const { action } = this.recording.steps[step];
    if (step === 0) return [0];
    return action?.type === 'deliver' && cause >= 0 ? [step, ...this.chain(cause)] : [step];
  }

  lastActed(node: number, step: number): number {
    for (let at = step; at > 0; at--) {
      if (this.recording.steps[at].effects.acted === node) return at;
    }
    return 0;
  }

  scenarioStep(step: number): number {
    return this.recording.steps[Math.min(step, this.length)].scenarioStep;
  }

  faultIn(): undefined {
    return undefined;
  }

  walk(first: number, visit: (step: WalkedStep) => void, last = this.cursor.step): void {
    for (let step = Math.max(0, first); step <= last; step++) {
      visit({ step, ...this.recording.steps[step] });
    }
  }

  private branch: RecordedBranch | undefined;

  get recorded(): readonly RecordedBranch[] {
    this.branch ??= this.onlyBranch();
    return [this.branch];
  }

  private onlyBranch(): RecordedBranch {
    const { clocks, length, recording } = this;
    const walk = (first: number): Walk => ({
      next: first,
      go(most, visit) {
        const last = Math.min(this.next + most - 1, length);
        for (let step = this.next; step <= last; step++) {
          visit({ step, ...recording.steps[step] });
        }
        Object.assign(this, { next: Math.max(this.next, last + 1) });
      },
    });
    const explain = (step: number) => this.explain(step);
    return { number: 0, parted: null, length, clocks, explain, walk };
  }
}
