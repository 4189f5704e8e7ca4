/**
 * What is said of states alone: invariants that read only nodes, `always` and `never`, `reach` and
 * `within`. Each is evaluated once for each combination of the fields that it reads.
 */
import type { InvariantMonitor } from '../../../check/invariants.ts';
import { contentText } from '../../../kernel/data/plain.ts';
import { Effects } from '../../../kernel/effects.ts';
import { Queue } from '../../../kernel/pending.ts';
import type { Slot, World } from '../../../kernel/world.ts';
import type { Expression } from '../../../scenario/conditions/condition.ts';
import type { EvaluationFailure } from '../../../scenario/conditions/errors.ts';
import { scopeAt } from '../../../scenario/conditions/scope.ts';
import { Interner } from '../../interning.ts';
import { StateTable } from '../table.ts';
import { type LocalSteps, NotLocal } from './local.ts';
import { Fields, watchedStep } from './watched.ts';

/** Thrown when an invariant turns out to be of another kind: the search begins again. */
export class Reclassified extends Error {}

/** What a search has learned of invariants when it begins again. */
export interface Learned {
  /** Those that read more than nodes. */
  readonly readingSteps: Set<InvariantMonitor>;
  /** Those that use their memory in a way that is not one of cells. */
  readonly wholeMemories: Set<InvariantMonitor>;
}

/** From nodes whose reads are noted, and the nodes themselves, a small number from 0 on. */
export type Evaluation = (nodes: Slot[], behind: readonly Slot[]) => number;

/** 1 if the invariant is violated. */
export function invariantValue(
  monitor: InvariantMonitor,
  world: World,
  { readingSteps }: Learned,
): Evaluation {
  return (nodes, behind) => {
    let readsStep = false;
    let isLeft = false;
    const note = () => (readsStep = true);
    const leaves = () => (isLeft = true);
    const watched = watchedStep({
      nodes, effects: nothing, own: undefined, note, leaves, time: world.time, behind,
    });
    const isBroken = monitor.isBrokenIn(watched, isNotLocal);
    if (isLeft) throw new NotLocal();
    if (!readsStep) return isBroken ? 1 : 0;
    readingSteps.add(monitor);
    throw new Reclassified();
  };
}

const nothing = new Effects();

export function isNotLocal(error: unknown): boolean {
  return error instanceof NotLocal;
}

export const [isFalse, isTrue, hasNoValue] = [0, 1, 2];

/** Whether the condition is true; `failed` is called if it has no value. */
export function conditionValue(
  condition: Expression,
  world: World,
  failed?: (failure: EvaluationFailure) => void,
): Evaluation {
  return (nodes) => {
    const value = condition.test(scopeAt(showing(world, nodes)));
    if (typeof value === 'boolean') return value ? isTrue : isFalse;
    failed?.(value);
    return hasNoValue;
  };
}

/** A world of these nodes, in which nothing is in flight. */
export function showing(world: World, nodes: Slot[]): World {
  const shown = world.fork();
  shown.nodes = nodes;
  shown.queue = new Queue();
  return shown;
}

export class StateValue {
  private fields = new Fields();
  private texts = new Interner();
  private classes = new Int32Array(16).fill(-1);
  private known = new StateTable();

  constructor(
    private readonly evaluate: Evaluation,
    private readonly local: LocalSteps,
  ) {}

  get bytes(): number {
    return this.texts.bytes + this.classes.byteLength + this.known.bytes;
  }

  /** Whether the two states of a node are the same in all that is read of them. */
  isAlike(one: number, other: number): boolean {
    return this.classAt(one) === this.classAt(other);
  }

  private classAt(slot: number): number {
    const known = slot < this.classes.length ? this.classes[slot] : -1;
    return known < 0 ? this.classOf(slot) : known;
  }

  of(slots: Int32Array, size: number): number {
    let high = 0;
    let low = 0;
    for (let i = 0; i < size; i++) {
      const one = this.classAt(slots[i]);
      high = (high + this.texts.high(one)) | 0;
      low = (low + this.texts.low(one)) | 0;
    }
    const at = this.known.find(high, low);
    if (at >= 0) return this.known.choiceOf(at);
    const before = this.fields.count;
    const all = this.local.slots;
    const behind = Array.from(slots.subarray(0, size), (slot) => all[slot]);
    const value = this.evaluate(behind.map((slot) => this.fields.watch(slot)), behind);
    if (this.fields.count > before) this.forget();
    else this.known.addHalves(high, low, -1, value);
    return value;
  }

  /** It reads more than was known, so states that seemed alike may differ for it. */
  private forget(): void {
    this.texts = new Interner();
    this.classes.fill(-1);
    this.known = new StateTable();
  }

  private classOf(slot: number): number {
    while (slot >= this.classes.length) {
      const larger = new Int32Array(this.classes.length * 2).fill(-1);
      larger.set(this.classes);
      this.classes = larger;
    }
    const { id, status, state } = this.local.slots[slot];
    const { isWhole, names } = this.fields;
    const parts = isWhole ? slot : [...names].map((name) => state[name]);
    return (this.classes[slot] = this.texts.of(contentText([id, status, parts])));
  }
}
