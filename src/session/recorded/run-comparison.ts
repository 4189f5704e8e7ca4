/** Finds the first step in which two recorded branches differ, in parts. */
import type { Action } from '../../kernel/action.ts';
import { type EffectsDifference, effectsDifference } from '../../kernel/compare/difference.ts';
import type { Moment, StepEffects } from '../../kernel/seam/moment.ts';
import { actionText } from '../../kernel/text/action-text.ts';
import type { RecordedBranch, Walk } from '../read/reading.ts';

export type RunDifference =
  /** They are the same up to the end of both. */
  | { readonly type: 'none' }
  /** They do not have the same nodes. */
  | { readonly type: 'nodes' }
  /** `step` is recorded on one of them only. */
  | { readonly type: 'length'; readonly step: number; readonly shorter: 'first' | 'second' }
  | { readonly type: 'action'; readonly step: number }
  | {
      readonly type: 'effects';
      readonly step: number;
      readonly difference: EffectsDifference;
    };

interface Taken {
  readonly action: Action | null;
  readonly effects: StepEffects;
  readonly moment: Moment;
}

export class RunComparison {
  private readonly walks: readonly [Walk, Walk];
  private found: RunDifference | undefined;

  /** The steps before `from` are known to be the same. */
  constructor(
    private readonly first: RecordedBranch,
    private readonly second: RecordedBranch,
    from: number,
  ) {
    this.walks = [first.walk(from), second.walk(from)];
  }

  /** The step that is compared next. */
  get next(): number {
    return this.walks[0].next;
  }

  /** Compares at most `most` steps; undefined if they are the same and there are more. */
  advance(most: number): RunDifference | undefined {
    for (let left = most; left > 0 && this.found === undefined; left--) {
      this.found = this.compareNext();
    }
    return this.found;
  }

  private compareNext(): RunDifference | undefined {
    const step = this.next;
    const isIn = [this.first, this.second].map(({ length }) => step <= length);
    if (!isIn[0] && !isIn[1]) return { type: 'none' };
    const shorter = isIn[0] ? 'second' : 'first';
    if (!isIn[0] || !isIn[1]) return { type: 'length', step, shorter };
    let found: RunDifference | undefined;
    const [one, other] = this.walks;
    // Both moments are valid only while they are visited.
    one.go(1, (a) => other.go(1, (b) => (found = differenceOf(a, b, step))));
    return found;
  }
}

function differenceOf(one: Taken, other: Taken, step: number): RunDifference | undefined {
  const names = ({ moment }: Taken) => moment.nodes.map(({ id, role }) => `${id} ${role}`).join();
  if (step === 0 && names(one) !== names(other)) return { type: 'nodes' };
  if (nameOf(one.action) !== nameOf(other.action)) return { type: 'action', step };
  const difference = effectsDifference(one.effects, other.effects);
  return difference && { type: 'effects', step, difference };
}

/** With its virtual time: a message that arrives later is another action. */
function nameOf(action: Action | null): string {
  return action === null ? '' : `${action.at} ${actionText(action)}`;
}
