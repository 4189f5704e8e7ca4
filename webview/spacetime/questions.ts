/** What the page asks about one event and about two runs; only the newest answer counts. */

import type {
  ConeAnswer, DifferenceReason, EventAnswer,
} from '../../src/view/spacetime/spacetime-view.ts';
import type { Lane } from './lane.ts';
import type { Ask } from './loader.ts';
import { Pace } from './loader.ts';
import type { Place } from './scene.ts';
import { samePlace } from './scene.ts';

export interface Found {
  readonly step: number;
  readonly why: DifferenceReason;
}

export class Questions {
  cone: { readonly lane: number; readonly of: ConeAnswer } | undefined;
  details: EventAnswer | undefined;
  difference: Found | undefined;
  private place: Place | undefined;
  private lengths = '';
  private isAsking = false;
  private pair = '';
  private turn = 0;

  constructor(
    private readonly ask: Ask,
    private readonly answered: () => void,
  ) {}

  get differenceStep(): number {
    return this.difference?.step ?? -1;
  }

  /** The event that is of interest now; the answer to the one before is not waited for. */
  about(place: Place | undefined, lanes: readonly Lane[], isStopped: boolean): void {
    const lengths = lanes.map(({ view }) => `${view.key} ${view.length}`).join();
    if (samePlace(place, this.place) && lengths === this.lengths) return;
    this.place = place;
    this.lengths = lengths;
    if (place === undefined) {
      this.cone = this.details = undefined;
    } else if (isStopped && !this.isAsking) void this.askOf(lanes);
  }

  private async askOf(lanes: readonly Lane[]): Promise<void> {
    this.isAsking = true;
    for (let asked: Place | undefined; asked !== this.place && this.place;) {
      asked = this.place;
      try {
        await this.askAbout(asked, lanes);
      } catch {
        // The run goes on. If the next stop has come meanwhile, it wants another place.
        if (asked === this.place) this.place = undefined;
      }
    }
    this.isAsking = false;
  }

  private async askAbout(asked: Place, lanes: readonly Lane[]): Promise<void> {
    const { lane: index, step, node } = asked;
    const lane = lanes[index]?.view.key;
    if (lane === undefined) return;
    const cone = node < 0 ? undefined : await this.ask({ type: 'cone', lane, step, node });
    if (asked === this.place) {
      this.cone = cone?.type === 'cone' ? { lane: index, of: cone } : undefined;
      this.answered();
    }
    const details = await this.ask({ type: 'event', lane, step });
    if (asked !== this.place) return;
    this.details = details.type === 'event' ? details : undefined;
    this.answered();
  }

  /** Looks for the first difference of two lanes, after the steps that they share. */
  lanesChanged(lanes: readonly Lane[], shared: number): void {
    const pair = lanes.map(({ view }) => `${view.key} ${view.length}`).join();
    if (pair === this.pair) return;
    this.pair = pair;
    this.difference = undefined;
    const turn = ++this.turn;
    const [first, second] = lanes.map(({ view }) => view.key);
    if (first !== undefined && second !== undefined) {
      void this.compare([first, second], shared, turn);
    }
  }

  private async compare(lanes: [string, string], shared: number, turn: number): Promise<void> {
    const pace = new Pace();
    try {
      for (let from = shared; turn === this.turn;) {
        const begun = performance.now();
        const asked = { lanes, from, most: pace.steps };
        const answer = await this.ask({ type: 'difference', ...asked });
        pace.note(performance.now() - begun);
        if (turn !== this.turn || answer.type !== 'difference') return;
        if (!answer.found) {
          from = answer.next;
          continue;
        }
        this.difference = { step: answer.step, why: answer.why };
        return this.answered();
      }
    } catch {
      this.pair = '';
    }
  }
}
