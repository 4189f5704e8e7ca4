/** The search for a shape in the runs, in parts, and the events that were picked for it. */

import type { SearchState } from '../../../src/view/panel-words/spacetime.ts';
import type { Lane } from '../lane.ts';
import type { Place } from '../scene.ts';
import { countsOf, type Match, nextMatch } from '../search.ts';
import { type CommonShape, findCommon } from './named-shapes.ts';
import { type Finding, findShape, type Found } from './find.ts';
import { eventsMost, shapeOf } from './shape.ts';

export type Wanted = CommonShape | 'picked';

/** One part of a search takes about this long; then the page has its turn. */
const partMs = 8;

export class ShapeSearch {
  /** Undefined: no shape is searched for. */
  wanted: Wanted | undefined;
  /** Of one run, in the order of their steps. */
  picked: readonly Place[] = [];
  anyNodes = false;
  private findings: Finding[] = [];
  private lanes: readonly Lane[] = [];
  private current: Match | undefined;
  private turn = 0;
  private key = '';

  constructor(private readonly found: () => void) {}

  /**
   * Adds an event, or takes it away; events of two runs make no shape. One more than a shape may
   * have is refused: none that was picked is lost for it.
   */
  pick(place: Place): void {
    const same = ({ step, node }: Place) => step === place.step && node === place.node;
    const own = this.picked.filter(({ lane }) => lane === place.lane);
    const others = own.filter((one) => !same(one));
    const isNew = others.length === own.length;
    if (isNew && own.length === eventsMost) return;
    const all = isNew ? [...own, place] : others;
    this.picked = all.toSorted((one, other) => one.step - other.step);
    if (this.wanted === 'picked') this.search(undefined);
  }

  clear(): void {
    this.picked = [];
    if (this.wanted === 'picked') this.search(undefined);
  }

  search(wanted: Wanted | undefined): void {
    this.wanted = wanted;
    this.key = '';
    this.current = undefined;
    this.begin(this.lanes);
  }

  /** Begins anew when more of the runs is read, or for other runs. */
  begin(lanes: readonly Lane[]): void {
    const isOther = lanes[0] !== this.lanes[0];
    if (isOther) this.picked = [];
    this.lanes = lanes;
    // A run that is being read is drawn often enough.
    if (this.wanted === undefined && this.key !== '' && !isOther) return;
    const key = lanes.map(({ view, count }) => `${view.key} ${count}`).join();
    if (key === this.key) return;
    this.key = key;
    const turn = ++this.turn;
    this.findings = [];
    if (this.wanted !== undefined && lanes.every(({ isWhole }) => isWhole)) void this.run(turn);
    else this.found();
  }

  get matches(): readonly (readonly number[])[] {
    return this.lanes.map((_, index) => {
      return (this.findings[index]?.places ?? []).map(([first]) => first!.step);
    });
  }

  get state(): SearchState {
    const { lanes, findings } = this;
    const share = lanes.reduce((sum, _, index) => sum + (findings[index]?.share ?? 0), 0);
    const left = findings.reduce((sum, one) => sum + one.left, 0);
    return {
      ...countsOf(this.matches, this.current), share: share / Math.max(1, lanes.length),
      failed: 0, ...(left > 0 ? { left } : {}),
    };
  }

  /** The place that was gone to. */
  get place(): { readonly lane: number; readonly events: Found } | undefined {
    const { current } = this;
    const events = current && this.findings[current.lane]?.places[current.place];
    return current && events ? { lane: current.lane, events } : undefined;
  }

  move(by: 1 | -1, lane: number, step: number): Match | undefined {
    const found = nextMatch(this.matches, by, lane, step);
    if (found) this.current = found;
    return found;
  }

  private async run(turn: number): Promise<void> {
    this.findings = this.lanes.map(() => ({ places: [], share: 0, left: 0 }));
    for (const [index, lane] of this.lanes.entries()) {
      const parts = this.partsOf(lane, this.findings[index]!);
      for (let isDone = parts === undefined; !isDone;) {
        const until = performance.now() + partMs;
        while (!isDone && performance.now() < until) isDone = parts!.next().done === true;
        if (turn !== this.turn) return;
        this.found();
        if (!isDone) await new Promise((turned) => setTimeout(turned));
        if (turn !== this.turn) return;
      }
    }
  }

  private partsOf(lane: Lane, into: Finding): Generator<void> | undefined {
    const { wanted, picked, anyNodes, lanes } = this;
    if (wanted === undefined) return undefined;
    if (wanted !== 'picked') return findCommon(wanted, lane, into);
    const of = lanes[picked[0]?.lane ?? 0];
    return of && findShape(lane, shapeOf(of, picked, anyNodes), into);
  }
}
