/** Any run as a scenario of plain steps that leads to the same states. */
import { simulateInSlices } from '../../check/simulate.ts';
import type { Action } from '../../kernel/action.ts';
import { stateDifference } from '../../kernel/compare/difference.ts';
import { asPending } from '../../kernel/run.ts';
import { start, step } from '../../kernel/step.ts';
import type { World } from '../../kernel/world.ts';
import { currentStep, scenarioMonitor } from '../../scenario/driver.ts';
import type { Expectation, Scenario } from '../../scenario/scenario.ts';
import type { Verdict } from '../../scenario/verdict.ts';
import { atOnce } from '../shrink/shrink.ts';
import { type Schedule, scheduleOf, withoutStep } from '../shrink/schedule.ts';
import { promiseOf } from '../walks/broken.ts';
import { type Origin, parsedAgain, scenarioText } from './saved.ts';
import { stepsOf } from './steps.ts';

export interface SavedRun {
  /** How many actions it has, and which; the first is 1. */
  readonly length: number;
  action(step: number): Action;
  /** What the file says of it: its name. */
  readonly name: string;
  /** The world at its end, and the verdicts so far, on which the saved run must agree. */
  readonly end: World;
  readonly verdicts: readonly Verdict[];
}

export type BranchSaved =
  | { readonly type: 'saved'; readonly text: string }
  /** A scenario of so many steps would not be read by anyone. */
  | { readonly type: 'too long'; readonly length: number; readonly most: number }
  /** No command says what happens in it. */
  | { readonly type: 'no words' }
  /** The steps that could be written lead to another state: the first field that differs. */
  | { readonly type: 'differs'; readonly field: string };

export const savedStepsMost = 5_000;

/** How a run is written; the first way that leads to the same states is taken. */
interface Way {
  readonly schedule: Schedule;
  readonly isHeld: boolean;
  readonly says: string;
}

/**
 * Yields between its parts. First without time, then with waits, both on a network that holds each
 * message until a step delivers it: such steps survive an edit of the protocol. Connections send
 * again what is held, so at last on the network as it is, where only choices are written.
 */
export function* savingRun(origin: Origin, run: SavedRun): Generator<void, BranchSaved> {
  const { scenario } = origin;
  if (run.length > savedStepsMost) {
    return { type: 'too long', length: run.length, most: savedStepsMost };
  }
  const actions = Array.from({ length: run.length }, (_, i) => run.action(i + 1));
  const { setup } = scenario;
  const held = scheduleOf(scenario, { seed: setup.seed, time: 'timed', actions });
  yield;
  const ways: Way[] = [
    {
      schedule: { ...held, actions: atOnce(held.actions) }, isHeld: true,
      says: 'No message arrives unless a step delivers it. Time does not matter: all of it ' +
        'happens at once.',
    },
    {
      schedule: held, isHeld: true,
      says: 'No message arrives unless a step delivers it. The waits are part of it.',
    },
    {
      schedule: { setup, actions: actions.map((action) => ({ action })) }, isHeld: false,
      says: 'Messages arrive as the network and the seed decide; the steps are what was chosen.',
    },
  ];
  const told = toldSteps(scenario, actions);
  let failure: BranchSaved = { type: 'no words' };
  for (const way of ways) {
    yield;
    // Each action of the run is one of the schedule, unless some were left out or added.
    const comments = way.schedule.actions.length === actions.length ? told : new Map();
    const steps = stepsOf(scenario, withoutSteps(way.schedule), comments);
    if (steps === undefined) continue;
    const write = (expected: readonly Expectation[]) => scenarioText(origin, {
      ...way, setup: way.schedule.setup, lines: steps.lines, title: run.name, expected,
      comments: [`A run of "${scenario.title}", as plain steps.`, way.says],
    });
    const ended = yield* endOf(write(scenario.expect), scenario);
    if (ended === undefined) continue;
    const field = differentField(run.end, ended.world);
    if (field !== undefined) {
      failure = { type: 'differs', field };
      continue;
    }
    const text = write(scenario.expect.filter((one) => isKept(one, ended.verdicts, run.verdicts)));
    return { type: 'saved', text };
  }
  return failure;
}

/** The end of the run of a text; undefined if one of its steps is not possible. */
function* endOf(text: string, of: Scenario) {
  const scenario = parsedAgain(text, of);
  if (scenario === undefined) return undefined;
  const all = simulateInSlices(scenario, 256);
  for (;;) {
    const slice = all.next();
    if (!slice.done) {
      yield;
      continue;
    }
    const { verdicts } = slice.value;
    const hasFailed = verdicts.some(({ type, subject }) =>
      type === 'violated' && subject.kind === 'step');
    return hasFailed ? undefined : slice.value;
  }
}

/** A step of the original as a comment above the first action that came after it had begun. */
function toldSteps(scenario: Scenario, actions: readonly Action[]): Map<number, string[]> {
  const world = start(scenario.setup, [scenarioMonitor(scenario)]);
  const told = new Map<number, string[]>();
  let from = 0;
  for (const [i, action] of actions.entries()) {
    const asked = action.step ?? -1;
    const current = Math.max(currentStep(scenario, world), asked);
    const begun = scenario.steps.slice(from, current + 1).map(({ text }) => text);
    if (begun.length > 0) told.set(i, begun.map((text) => text.replace(/\s+/g, ' ')));
    from = Math.max(from, current + 1);
    step(world, asPending(world, action));
  }
  return told;
}

/** The step of the original that asked for an action is not one of the saved file. */
function withoutSteps({ setup, actions }: Schedule): Schedule {
  return {
    setup,
    actions: actions.map((planned) => ({ ...planned, action: withoutStep(planned.action) })),
  };
}

/** `n1.state.term`, or whether a node is up. */
function differentField(wanted: World, found: World): string | undefined {
  if (wanted.nodes.length !== found.nodes.length) return 'nodes';
  for (const [i, { id, up, paused }] of wanted.nodes.entries()) {
    const other = found.nodes[i];
    if (up !== other.up || paused !== other.paused) return id;
  }
  const difference = stateDifference(wanted, found);
  return difference && [difference.node, 'state', ...difference.path].join('.');
}

/** What holds in the saved run, and what the run broke: not what the rest of the run would do. */
function isKept(
  { text }: Expectation,
  saved: readonly Verdict[],
  run: readonly Verdict[],
): boolean {
  const of = (all: readonly Verdict[]) =>
    all.find(({ subject }) => promiseOf(subject) === `expectation ${text}`)?.type;
  return of(saved) === 'holds' || (of(saved) === 'violated' && of(run) === 'violated');
}
