/** `lockstep explore FILE`: searches all runs of a scenario for one that breaks a promise. */
import { performance } from 'node:perf_hooks';
import {
  type FaultBudget, type Limits, noFaults, noLimits, parseFaults,
} from '../../explore/budgets.ts';
import { exploredMonitors, type Targets } from '../../explore/search/problem.ts';
import { exploreScenario, type Request, strategies } from '../../explore/search/explore.ts';
import type { Exploration } from '../../explore/verdict.ts';
import { HistoryMonitor } from '../../check/history/recording.ts';
import { Effects } from '../../kernel/effects.ts';
import { start, step } from '../../kernel/step.ts';
import { unitsOf } from '../../kernel/wording.ts';
import { parseDuration } from '../../kernel/text/duration.ts';
import type { Expression } from '../../scenario/conditions/condition.ts';
import { withHint } from '../../scenario/problem.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { didYouMean } from '../../scenario/suggest.ts';
import { loadToRun } from '../load.ts';
import { refuse, type Values } from '../options.ts';
import { stepLine } from '../step-line.ts';
import type { Terminal } from '../terminal.ts';
import { verdictJson, verdictText } from './words.ts';

const exitCodes: Readonly<Record<Exploration['type'], number>> = {
  holds: 0, violated: 1, unknown: 3,
};

type Read<Value> = Value | { readonly problem: string };

export async function explore(
  files: string[],
  values: Values,
  terminal: Terminal,
): Promise<number> {
  if (files.length !== 1) return refuse('explore needs one file: `lockstep explore FILE`', terminal);
  const [file] = files;
  const loaded = await loadToRun(file, terminal, values, {});
  if (loaded === undefined) return 2;
  const { scenario } = loaded;
  const request = requestOf(values, scenario);
  if ('problem' in request) return refuse(request.problem, terminal);
  const explored = exploreScenario(scenario, request);
  if (values.json === true) {
    await terminal.out(`${verdictJson(file, explored)}\n`);
  } else {
    if (explored.type === 'violated') {
      const lines = traceLines(scenario, explored.trace.actions);
      await terminal.out(lines.map((line) => `${line}\n`).join(''));
    }
    await terminal.out(verdictText(explored, unitsOf(scenario.protocol)));
  }
  return exitCodes[explored.type];
}

function requestOf(values: Values, scenario: Scenario): Read<Request> {
  const mode = String(values.mode ?? 'bfs');
  if (!Object.hasOwn(strategies, mode)) {
    const names = Object.keys(strategies);
    const hint = didYouMean(mode, names) ?? `choose from ${names.join(', ')}`;
    return { problem: `--mode: there is no mode \`${mode}\` (${hint})` };
  }
  const faults = readFaults(values);
  if ('problem' in faults) return faults;
  const faulty = readNodes(values.on, scenario);
  if (faulty !== undefined && 'problem' in faulty) return faulty;
  const limits = readLimits(values);
  if ('problem' in limits) return limits;
  const targets = readTargets(values, scenario);
  if ('problem' in targets) return targets;
  const lasts = values.for === undefined ? Infinity : parseDuration(String(values.for));
  if (lasts === undefined) return { problem: wrong('for', values.for, 'a time such as 30s') };
  const until = performance.now() + lasts / 1_000;
  const time = values.untimed === true ? 'untimed' : 'timed';
  return {
    mode,
    setting: { time, faults, ...(faulty && { faulty }) },
    limits,
    targets,
    meter: () => performance.now() > until,
  };
}

function wrong(option: string, value: Values[string], expected: string): string {
  return `--${option} must be ${expected}, not \`${String(value)}\``;
}

function readFaults({ faults }: Values): Read<FaultBudget> {
  if (faults === undefined) return noFaults;
  const read = parseFaults(String(faults));
  return 'problem' in read ? { problem: `--faults: ${read.problem}` } : read.budget;
}

function readNodes(
  on: Values[string],
  { setup }: Scenario,
): Read<readonly string[]> | undefined {
  if (on === undefined) return undefined;
  const names = String(on).split(',').map((name) => name.trim());
  const known = setup.nodes.map(({ id }) => id);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  const hint = didYouMean(unknown, known);
  return { problem: `--on: there is no node \`${unknown}\`${hint ? ` (${hint})` : ''}` };
}

function readLimits(values: Values): Read<Limits> {
  const read: Record<string, number> = {};
  for (const [option, name, unit] of [
    ['max-states', 'states', 1], ['max-depth', 'depth', 1], ['max-messages', 'messages', 1],
    ['max-memory', 'bytes', 1e6],
  ] as const) {
    const value = values[option];
    if (value === undefined) continue;
    const number = Number(value);
    if (!Number.isSafeInteger(number) || number < 1) {
      return { problem: wrong(option, value, 'a positive integer') };
    }
    read[name] = number * unit;
  }
  return { ...noLimits, ...read };
}

function readTargets(values: Values, scenario: Scenario): Read<Targets> {
  const reach = readCondition('reach', values.reach, scenario);
  if (reach !== undefined && 'problem' in reach) return reach;
  const within = readCondition('within', values.within, scenario);
  if (within !== undefined && 'problem' in within) return within;
  const leadsTo = readLeadsTo(values['leads-to'], scenario);
  if (leadsTo !== undefined && 'problem' in leadsTo) return leadsTo;
  return { ...(reach && { reach }), ...(within && { within }), ...(leadsTo && { leadsTo }) };
}

function readCondition(
  option: string,
  text: Values[string],
  { language }: Scenario,
): Read<Expression> | undefined {
  if (text === undefined) return undefined;
  const compiled = language.condition(String(text));
  if ('expression' in compiled) return compiled.expression;
  return { problem: `--${option}:1:${compiled.fault.start + 1}: ${withHint(compiled.fault)}` };
}

function readLeadsTo(
  text: Values[string],
  scenario: Scenario,
): Read<NonNullable<Targets['leadsTo']>> | undefined {
  if (text === undefined) return undefined;
  const whole = String(text);
  const comma = whole.lastIndexOf(',');
  const within = comma < 0 ? undefined : parseDuration(whole.slice(comma + 1).trim());
  if (within === undefined) {
    return { problem: wrong('leads-to', text, 'a condition and a time, as in `n1.up,10s`') };
  }
  const condition = readCondition('leads-to', whole.slice(0, comma), scenario)!;
  return 'problem' in condition ? condition : { condition, within };
}

/** What happens in the run that was found, taken again. */
function traceLines(
  scenario: Scenario,
  actions: Extract<Exploration, { type: 'violated' }>['trace']['actions'],
): string[] {
  const effects = new Effects();
  const monitors = exploredMonitors(scenario, false);
  if (!monitors.some((one) => one instanceof HistoryMonitor)) monitors.unshift(new HistoryMonitor());
  const world = start(scenario.setup, monitors, effects);
  return actions.map((action) => {
    if (!step(world, action, effects)) {
      throw new Error(`the explorer took an action that is not possible: ${action.type}`);
    }
    return stepLine(scenario, world, action, effects);
  });
}
