/** The consistency models that the history of a run satisfies. */
import type { World } from '../../kernel/world.ts';
import type { ModelName } from '../../scenario/history/models.ts';
import { specificationsOf } from '../../scenario/history/specifications.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { covered, judgedRun } from '../history/judge.ts';
import { historyAt } from '../history/recording.ts';
import { models } from '../models/models.ts';
import { transactionsOfRun } from '../transactions/run-history.ts';
import { impliedBy, strongestOf } from './strongest.ts';

/** What a history was held against: a specification by its name, or its transactions. */
export interface JudgedModels {
  /** Empty for transactions. */
  readonly specification: string;
  /** A model that one of those that hold implies is not checked. */
  readonly verdicts: ReadonlyMap<ModelName, 'holds' | 'violated' | 'unknown'>;
}

/** Empty if no specification is about what clients did, and they had no transactions. */
export function judgedModels(scenario: Scenario, world: World): readonly JudgedModels[] {
  const history = historyAt(world);
  const specifications = specificationsOf(scenario.protocol);
  const named = scenario.expect.flatMap((one) => {
    return one.type === 'history' ? [one.history.specification] : [];
  });
  const isUsed = (name: string) => named.length === 0 || named.includes(name);
  const used = Object.keys(specifications).filter((name) => {
    return isUsed(name) && covered(history, specifications[name]).length > 0;
  });
  if (used.length > 0) {
    return used.map((name) => ({
      specification: name, verdicts: verdictsOf('operations', name, world),
    }));
  }
  const run = transactionsOfRun(history, scenario.protocol.transactions);
  if (run.type !== 'transactions' || run.history.length === 0) return [];
  return [{ specification: '', verdicts: verdictsOf('transactions', '', world) }];
}

function verdictsOf(of: 'operations' | 'transactions', specification: string, world: World) {
  const verdicts = new Map<ModelName, 'holds' | 'violated' | 'unknown'>();
  const known = new Set<ModelName>();
  for (const { name } of models.filter((model) => model.of === of)) {
    if (known.has(name)) continue;
    const { verdict } = judgedRun({ model: name, specification }, world);
    const type = 'code' in verdict ? 'unknown' : verdict.type;
    verdicts.set(name, type);
    if (type === 'holds') for (const weaker of impliedBy(name)) known.add(weaker);
  }
  return verdicts;
}

/** The strongest models that hold, and those whose check was not decided. */
export interface StrongestModels {
  readonly specification: string;
  readonly hold: readonly ModelName[];
  readonly unknown: readonly ModelName[];
}

/** Of several runs: what holds in all, and what is violated in none but not always decided. */
export function strongestModels(runs: readonly (readonly JudgedModels[])[]): StrongestModels[] {
  const names = [...new Set(runs.flatMap((run) => run.map((one) => one.specification)))];
  return names.map((specification) => {
    const all = runs.flatMap((run) => run.filter((one) => one.specification === specification));
    const known = models.map(({ name }) => name).filter((name) => {
      return all.some(({ verdicts }) => verdicts.has(name));
    });
    const types = (name: ModelName) => all.map(({ verdicts }) => verdicts.get(name) ?? 'holds');
    const hold = known.filter((name) => types(name).every((type) => type === 'holds'));
    const unknown = known.filter((name) => {
      return !hold.includes(name) && types(name).every((type) => type !== 'violated');
    });
    const strongest = strongestOf(hold);
    const covers = new Set(strongest.flatMap((name) => [...impliedBy(name)]));
    return {
      specification,
      hold: strongest,
      unknown: strongestOf(unknown.filter((name) => !covers.has(name))),
    };
  });
}
