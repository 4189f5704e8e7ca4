/** Which of two events of a branch happened before the other: searched in parts, then explained. */
import { parsePoint, type Point, type PointProblem } from '../../kernel/causality/point.ts';
import type { Run } from '../../kernel/run.ts';
import type { Causality, Hop, Occurrence } from '../../kernel/seam/causality.ts';
import { actionText } from '../../kernel/text/action-text.ts';
import type {
  BeforeAnswer,
  CarriedBy,
  NamedEvent,
} from '../../kernel/text/causality-text.ts';
import { nearestWord } from '../../scenario/suggest.ts';
import type { Script } from '../script.ts';
import type { Simulation } from '../simulation.ts';
import { EventSearch } from './event-search.ts';

/** An event that was found: `index` is its place among those that its step reported. */
interface Found {
  readonly event: NamedEvent;
  readonly index: number;
}

export type BeforeResult =
  BeforeAnswer | { readonly type: 'problem'; readonly problem: PointProblem };

/** Thrown inside, to leave the search with what is wrong with one of the points. */
class NotFound extends Error {
  constructor(readonly problem: PointProblem) {
    super(problem.type);
  }
}

/** It is about the branch at which it was asked, wherever the session goes meanwhile. */
export class BeforeQuestion {
  private readonly run: Run;
  private readonly clocks: Causality;
  private readonly found: Found[] = [];
  private search: EventSearch | undefined;

  /** `until` is the last step in which an event is searched by its name. */
  constructor(
    private readonly simulation: Simulation,
    private readonly script: Script,
    private readonly texts: readonly [string, string],
    private readonly until: number,
  ) {
    this.run = simulation.branch.run;
    this.clocks = simulation.clocks;
  }

  get nodes() {
    return this.run.nodes;
  }

  /** Replays at most `budget` actions: the answer, undefined before it is known. */
  advance(budget: number): BeforeResult | undefined {
    try {
      while (this.found.length < 2) {
        const found = this.find(this.texts[this.found.length], budget);
        if (found === undefined) return undefined;
        this.found.push(found);
      }
      return this.answer(this.found[0], this.found[1]);
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      return { type: 'problem', problem: error.problem };
    }
  }

  private find(text: string, budget: number): Found | undefined {
    const point = parsePoint(text);
    if (point === undefined) throw new NotFound({ type: 'form', text });
    if (point.type === 'step') return { event: this.ofStep(point.step), index: -1 };
    const node = this.nodeOf(point);
    if (point.type === 'start') {
      const occurrence = this.clocks.latest(node, 0);
      if (occurrence === undefined) throw new NotFound({ type: 'not booted', node: point.node });
      return { event: { node: point.node, name: 'start', occurrence }, index: -1 };
    }
    return this.ofEvent(point, node, budget);
  }

  private nodeOf({ node }: Extract<Point, { node: string }>): number {
    const nodes = this.nodes.map(({ id }) => id);
    const index = nodes.indexOf(node);
    if (index < 0) throw new NotFound({ type: 'unknown node', node, known: nodes });
    return index;
  }

  private ofStep(step: number): NamedEvent {
    const { run, clocks } = this;
    const { length } = run;
    if (step > length) throw new NotFound({ type: 'no such step', step, length });
    const known = this.nodes.map(({ id }) => id);
    if (step === 0) throw new NotFound({ type: 'start', known });
    const action = actionText(run.action(step));
    const occurrence = clocks.at(step);
    if (occurrence === undefined) throw new NotFound({ type: 'no node', step, action });
    return { node: this.idOf(occurrence), isStep: true, name: action, occurrence };
  }

  private ofEvent(
    point: Extract<Point, { type: 'event' }>,
    node: number,
    budget: number,
  ): Found | undefined {
    const { simulation, run, until } = this;
    const { name } = point;
    if (this.search === undefined) {
      const known = this.names();
      const similar = nearestWord(name, known);
      if (!known.includes(name)) {
        throw new NotFound({ type: 'unknown event', name, ...(similar && { similar }) });
      }
      this.search = new EventSearch(simulation, run, point, until);
    }
    const found = this.search.advance(budget);
    if (found === undefined) return undefined;
    const { count } = this.search;
    this.search = undefined;
    if (found === null) {
      throw new NotFound({ type: 'not reported', point, found: count, step: until });
    }
    const occurrence = this.clocks.latest(node, found.step)!;
    return { event: { node: point.node, name, occurrence }, index: found.index };
  }

  private names(): string[] {
    const { events, derivedEvents = {} } = this.script.scenario.protocol;
    const own = [...Object.keys(events), ...Object.keys(derivedEvents)];
    return [...own, 'ConnectionOpened', 'ConnectionEnded'];
  }

  private answer(one: Found, other: Found): BeforeAnswer {
    const events = [one.event, other.event] as const;
    const order = this.clocks.order(one.event.occurrence, other.event.occurrence);
    if (order.type === 'before' || order.type === 'after') {
      return { type: order.type, events, chain: order.chain.map((hop) => this.carriedBy(hop)) };
    }
    if (order.type === 'concurrent') return { type: 'concurrent', events };
    const isKnown = one.index >= 0 && other.index >= 0 && one.index !== other.index;
    return { type: 'same', events, ...(isKnown && { first: one.index < other.index ? 0 : 1 }) };
  }

  private carriedBy({ received, sentIn }: Hop): CarriedBy {
    const { message } = this.simulation.explain(received.step, this.run).effects;
    const { wording } = this.simulation.world;
    return { message: message!, wording, sentIn, receivedIn: received.step };
  }

  private idOf({ node }: Occurrence): string {
    return this.nodes[node].id;
  }
}
