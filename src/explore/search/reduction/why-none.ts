/** Why a search takes all choices, although some of them commute. */
import { DerivedEventMonitor } from '../../../check/derived-events.ts';
import { HistoryMonitor } from '../../../check/history/recording.ts';
import { InvariantMonitor } from '../../../check/invariants.ts';
import { ThrownMonitor } from '../../../check/thrown-errors.ts';
import type { Monitor } from '../../../kernel/world.ts';
import { ScenarioMonitor } from '../../../scenario/driver.ts';
import { ExpectationMonitor } from '../../../scenario/expect.ts';
import { keepsMessages } from '../../choices.ts';
import { drawsLosses } from '../../fingerprint/parts.ts';
import type { NoReduction, Symmetry } from '../../verdict.ts';
import type { Problem } from '../problem.ts';

/** As far as it is known beforehand; undefined if choices may be left out. */
export function whyAllTaken(
  problem: Problem,
  order: 'bfs' | 'dfs',
  symmetry: Symmetry | undefined,
): NoReduction | undefined {
  const { world, setting, targets, limits } = problem;
  if (problem.reduces === false) return { code: 'off' };
  if (setting.watch !== undefined) return { code: 'coverage' };
  if (setting.time === 'timed') return { code: 'timed' };
  // The choices of a state are those of the one that stands for it, with other names.
  if (symmetry !== undefined && 'alike' in symmetry) return { code: 'symmetry' };
  if (drawsLosses(world.network)) return { code: 'draws' };
  // It follows the draws of one run to the state.
  if (targets.leadsTo !== undefined) return { code: 'leads-to' };
  // Of two choices that commute, it may be false only after one of them.
  if (targets.within !== undefined) return { code: 'within' };
  // A state that is met again nearer to the start has another part of its choices to take.
  if (order === 'dfs' && limits.depth < Infinity) return { code: 'depth' };
  // Of messages that stay, equal ones are one in a state, but they count and are lost as several.
  const isCounted = limits.messages < Infinity || setting.faults.drops > 0;
  if (isCounted && keepsMessages(setting)) return { code: 'messages' };
  if (world.plan.hasConnections) return { code: 'connections' };
  if (!world.monitors.every(isKnown)) return { code: 'monitors' };
  const { until, expect = [] } = setting.scenario ?? {};
  const once = expect.find(({ type }) => type === 'eventually');
  if (once !== undefined) return { code: 'eventually', text: once.text };
  return until?.type === 'condition' ? { code: 'until', text: until.text } : undefined;
}

function isKnown(monitor: Monitor): boolean {
  return [
    InvariantMonitor, DerivedEventMonitor, ScenarioMonitor, ThrownMonitor, ExpectationMonitor,
    HistoryMonitor,
  ].some((kind) => monitor instanceof kind);
}
