/** A search for the steps of the lanes at which a CEL condition holds, part by part. */

import type { SearchAnswer } from '../../src/view/spacetime/spacetime-view.ts';
import type { SearchState } from '../../src/view/panel-words/spacetime.ts';
import type { Lane } from './lane.ts';
import type { Ask } from './loader.ts';
import { Pace } from './loader.ts';

export class Search {
  condition = '';
  fault: SearchAnswer['fault'];
  /** By lane, in ascending order. */
  matches: number[][] = [];
  /** The lane and the place in its matches that were gone to last. */
  current: { lane: number; place: number } | undefined;
  private next: number[] = [];
  private lengths: number[] = [];
  private failed = 0;
  private why: string | undefined;
  private turn = 0;
  private keys = '';

  constructor(
    private readonly ask: Ask,
    private readonly found: () => void,
  ) {}

  /** Begins anew for another condition or other lanes, and else searches the new steps. */
  begin(condition: string, lanes: readonly Lane[]): void {
    const keys = lanes.map(({ view }) => view.key).join();
    const lengths = lanes.map(({ view }) => view.length);
    const isSame = condition === this.condition && keys === this.keys;
    if (isSame && lengths.every((length, index) => length === this.lengths[index])) return;
    if (!isSame) {
      this.matches = lanes.map(() => []);
      this.next = lanes.map(() => 0);
      this.failed = 0;
      this.why = this.fault = this.current = undefined;
    }
    Object.assign(this, { condition, keys, lengths });
    const turn = ++this.turn;
    if (condition !== '') void this.run(turn, lanes);
    else this.found();
  }

  get state(): SearchState {
    const steps = this.lengths.reduce((sum, length) => sum + length + 1, 0);
    const searched = this.next.reduce((sum, next) => sum + next, 0);
    const { failed, why } = this;
    const share = steps === 0 ? 1 : Math.min(1, searched / steps);
    const fault = why === undefined ? {} : { why };
    return { ...countsOf(this.matches, this.current), share, failed, ...fault };
  }

  /** The match after or before a step of a lane; from the last one to the first, and back. */
  move(by: 1 | -1, lane: number, step: number): { lane: number; step: number } | undefined {
    const found = nextMatch(this.matches, by, lane, step);
    if (found) this.current = { lane: found.lane, place: found.place };
    return found;
  }

  private async run(turn: number, lanes: readonly Lane[]): Promise<void> {
    const pace = new Pace();
    const { condition } = this;
    try {
      for (const [index, lane] of lanes.entries()) {
        while (turn === this.turn && this.next[index]! <= lane.view.length) {
          const begun = performance.now();
          const from = this.next[index]!;
          const asked = { lane: lane.view.key, condition, from, most: pace.steps };
          const answer = await this.ask({ type: 'search', ...asked });
          pace.note(performance.now() - begun);
          if (turn !== this.turn || answer.type !== 'search') return;
          this.fault = answer.fault;
          if (answer.fault || answer.next <= from) return this.found();
          this.matches[index]!.push(...answer.steps);
          this.next[index] = answer.next;
          this.failed += answer.failed;
          this.why ??= answer.why;
          this.found();
        }
      }
    } catch {
      // The run goes on: the next stop searches on.
      this.lengths = [];
    }
  }
}

/** A match of a lane, and its place among those of the lane. */
export interface Match {
  readonly lane: number;
  readonly place: number;
  readonly step: number;
}

export function nextMatch(
  matches: readonly (readonly number[])[],
  by: 1 | -1,
  lane: number,
  step: number,
): Match | undefined {
  const all = matches.flatMap((steps, index) =>
    steps.map((one, place): Match => ({ lane: index, step: one, place })),
  );
  const isAfter = (one: Match) => one.lane > lane || (one.lane === lane && one.step > step);
  const isBefore = (one: Match) => one.lane < lane || (one.lane === lane && one.step < step);
  return by > 0 ? (all.find(isAfter) ?? all[0]) : (all.findLast(isBefore) ?? all.at(-1));
}

/** How many there are, and which of them is current, counted from 1. */
export function countsOf(
  matches: readonly (readonly number[])[],
  current: Pick<Match, 'lane' | 'place'> | undefined,
): Pick<SearchState, 'found' | 'byRun' | 'current'> {
  const byRun = matches.map(({ length }) => length);
  const sum = (runs: readonly number[]) => runs.reduce((all, one) => all + one, 0);
  const place = current ? sum(byRun.slice(0, current.lane)) + current.place + 1 : 0;
  return { found: sum(byRun), current: place, ...(byRun.length > 1 ? { byRun } : {}) };
}
