/** The source of the Space-Time panel: it walks each step once and answers in parts. */
import { Language, extraWords, type Expression } from '../../scenario/conditions/condition.ts';
import { Scope } from '../../scenario/conditions/scope.ts';
import type { Reading, RecordedBranch, Walk, WalkedStep } from '../../session/read/reading.ts';
import { RunComparison } from '../../session/recorded/run-comparison.ts';
import { branchOf } from '../branch.ts';
import { coneOf } from './cone.ts';
import { differenceReason } from './difference.ts';
import { eventOf } from './event-details.ts';
import { LaneColumns } from './lane-columns.ts';
import { questionOf, selectionOf } from './received.ts';
import type {
  Comparand, DifferenceAnswer, LaneView, SearchAnswer, SpacetimeAnswer, SpacetimeQuestion,
  SpacetimeSelection, SpacetimeView,
} from './spacetime-view.ts';
import { baseName } from './twin.ts';

interface Lane {
  readonly key: string;
  readonly branch: RecordedBranch;
  readonly reading: Reading;
  readonly columns: LaneColumns;
}

interface Search {
  readonly lane: string;
  readonly condition: string;
  readonly expression: Expression;
  readonly scope: Scope;
  readonly walk: Walk;
}

/** So many sources were made: the keys of lanes of different runs differ. */
let sources = 0;

export class SpacetimeSource {
  readonly selection: SpacetimeSelection = { compare: { type: 'nothing' } };
  readonly selected = selectionOf;
  readonly asked = questionOf;
  private readonly number = sources++;
  /** By the branch itself, because a number is used again after an empty branch. */
  private readonly lanes = new Map<RecordedBranch, Lane>();
  private search: Search | undefined;
  private comparison: { readonly lanes: string; readonly of: RunComparison } | undefined;

  view(reading: Reading, { compare }: SpacetimeSelection): SpacetimeView {
    const { cursor, recorded, counterpart } = reading;
    const own = this.lane(reading, branchOf(reading));
    const below = this.below(reading, compare);
    const [first, second] = [own, below].map((lane) => lane && chainOf(lane));
    const others = recorded.filter(({ number }) => number !== cursor.branch);
    return {
      lanes: [own, ...(below ? [below] : [])].map((lane) => laneView(lane, reading)),
      branches: others.map(({ number, parted, length }) => {
        return { number, parted: parted?.step ?? 0, length };
      }),
      ...comparable(counterpart, reading.compared?.scenario.file),
      compare,
      shared: first && second ? sharedSteps(first, second) : 0,
    };
  }

  answer(reading: Reading, question: SpacetimeQuestion): SpacetimeAnswer {
    if (question.type === 'difference') return this.difference(question);
    const lane = [...this.lanes.values()].find(({ key }) => key === question.lane);
    if (lane === undefined) return { type: 'gone' };
    switch (question.type) {
      case 'steps':
        return lane.columns.answer(question.from, question.most, question.labels);
      case 'cone':
        return coneOf(lane.branch, question.step, question.node) ?? { type: 'gone' };
      case 'event':
        return eventOf(lane.branch, question.step) ?? { type: 'gone' };
      case 'search':
        return this.searchIn(lane, question);
    }
  }

  private below(reading: Reading, compare: Comparand): Lane | undefined {
    if (compare.type === 'branch') {
      const { number } = compare;
      if (number === reading.cursor.branch) return undefined;
      const branch = reading.recorded.find((one) => one.number === number);
      return branch && this.lane(reading, branch);
    }
    const { compared } = reading;
    if (compare.type === 'nothing' || compared === null) return undefined;
    return this.lane(compared, branchOf(compared));
  }

  private lane(reading: Reading, branch: RecordedBranch): Lane {
    let lane = this.lanes.get(branch);
    if (lane === undefined) {
      const key = `${this.number}.${this.lanes.size}`;
      lane = { key, branch, reading, columns: new LaneColumns(branch) };
      this.lanes.set(branch, lane);
    }
    return lane;
  }

  // Search

  private searchIn(
    lane: Lane,
    { condition, from, most }: Extract<SpacetimeQuestion, { type: 'search' }>,
  ): SearchAnswer {
    const begun = this.search;
    const goesOn =
      begun?.lane === lane.key && begun.condition === condition && begun.walk.next === from;
    const search = goesOn ? begun : begin(lane, condition, from);
    if ('fault' in search) {
      return { type: 'search', next: from, steps: [], failed: 0, fault: search.fault };
    }
    this.search = search;
    const steps: number[] = [];
    let failed = 0;
    let why: string | undefined;
    search.walk.go(most, (step) => {
      const holds = holdsAt(search, step);
      if (holds === true) steps.push(step.step);
      else if (holds !== false) {
        failed++;
        why ??= holds.why;
      }
    });
    const { next } = search.walk;
    return { type: 'search', next, steps, failed, ...(why === undefined ? {} : { why }) };
  }

  // Comparison

  private difference({
    lanes: keys, from, most,
  }: Extract<SpacetimeQuestion, { type: 'difference' }>): SpacetimeAnswer {
    const all = [...this.lanes.values()];
    const [first, second] = keys.map((key) => all.find((lane) => lane.key === key));
    if (first === undefined || second === undefined) return { type: 'gone' };
    const lanes = keys.join();
    const begun = this.comparison;
    const isSame = begun?.lanes === lanes && begun.of.next === from;
    const of = isSame ? begun.of : new RunComparison(first.branch, second.branch, from);
    this.comparison = { lanes, of };
    const found = of.advance(most);
    if (found === undefined) return { type: 'difference', found: false, next: of.next };
    // The pair may get longer, and is then compared from here on.
    this.comparison = undefined;
    const step = 'step' in found ? found.step : found.type === 'nodes' ? 0 : -1;
    const why = differenceReason(found, first.branch, second.branch);
    return { type: 'difference', found: true, step, why } satisfies DifferenceAnswer;
  }
}

/** What can be drawn below: the run that the adapter has, or else the scenario's counterpart. */
function comparable(counterpart: string, compared: string | undefined) {
  const isChosen = compared !== undefined && baseName(compared) !== baseName(counterpart);
  if (!isChosen) return { twin: baseName(counterpart) };
  return { twin: baseName(compared), isChosen: true } as const;
}

function laneView({ key, branch, reading }: Lane, present: Reading): LaneView {
  const { moment, scenario, cursor } = reading;
  const { number, length, clocks } = branch;
  const isHere = reading === present && number === cursor.branch;
  const isOther = reading !== present;
  return {
    key,
    branch: isOther ? -1 : number,
    title: isOther ? baseName(scenario.file) : laneTitle(number),
    nodes: moment.nodes.map(({ id, role }) => ({ id, role })),
    boots: moment.nodes.map(({ index }) => clocks.latest(index, 0) !== undefined),
    length,
    cursor: isHere ? cursor.step : -1,
  };
}

function laneTitle(number: number): string {
  return number === 0 ? '' : `branch ${number}`;
}

/** The branches from which a lane parted, itself first, each with the last step that it shares. */
function chainOf({ branch, reading }: Lane): { of: RecordedBranch; until: number }[] {
  const chain = [{ of: branch, until: branch.length }];
  for (let at = branch; at.parted !== null;) {
    const { from, step } = at.parted;
    const parent = reading.recorded.find(({ number }) => number === from);
    if (parent === undefined) break;
    // It may part further on than its parent was run.
    const until = Math.min(step, parent.length, chain.at(-1)!.until);
    chain.push({ of: parent, until });
    at = parent;
  }
  return chain;
}

/** How many steps two branches share, because one parted from the other or both from a third. */
function sharedSteps(first: ReturnType<typeof chainOf>, second: typeof first): number {
  const shared = first.flatMap(({ of, until }) => {
    const other = second.find((one) => one.of === of);
    return other ? [Math.min(until, other.until)] : [];
  });
  return Math.max(0, ...shared);
}

function begin(
  { key, branch, reading }: Lane,
  condition: string,
  from: number,
): Search | { fault: NonNullable<SearchAnswer['fault']> } {
  const { nodes } = reading.moment;
  const language = new Language(nodes.map(({ id }) => id));
  const compiled = language.condition(condition, extraWords);
  if ('fault' in compiled) {
    const { message, hint, start, end } = compiled.fault;
    const whole = hint === undefined ? message : `${message} (${hint})`;
    return { fault: { message: whole, start, end } };
  }
  const { expression } = compiled;
  const scope = new Scope(nodes);
  return { lane: key, condition, expression, scope, walk: branch.walk(from) };
}

/**
 * Whether a condition holds at a step: at one of its events, if the condition is about events, else
 * after the step. It is not evaluated where what it is about does not exist.
 */
function holdsAt(
  { condition, expression, scope }: Search,
  { effects, moment }: WalkedStep,
): ReturnType<Expression['test']> {
  const { message, events, acted } = effects;
  if (/\bmessage\b/.test(condition) && message === null) return false;
  let result: ReturnType<Expression['test']> = false;
  scope.at(moment);
  if (/\bevent\b/.test(condition)) {
    for (const event of events) {
      const holds = expression.test(scope.on(event, message));
      if (holds === true) return true;
      if (holds !== false) result = holds;
    }
    return result;
  }
  if (/\b(node|state)\b/.test(condition) && acted < 0 && message === null) return false;
  return expression.test(scope.on(null, message, moment.nodes[acted]?.id));
}
