/**
 * What is promised of a run in which no time passes. A promise that reads the time has no meaning
 * there: it would accuse protocols that keep it, or excuse those that do not.
 */
import { DerivedEventMonitor } from '../check/derived-events.ts';
import { InvariantMonitor } from '../check/invariants.ts';
import { onlooking } from '../check/observation.ts';
import { watchedNodes } from '../code/limits/watched.ts';
import { Effects } from '../kernel/effects.ts';
import type { Action } from '../kernel/action.ts';
import { asPending } from '../kernel/run.ts';
import { start, step } from '../kernel/step.ts';
import type { Monitor, World } from '../kernel/world.ts';
import type { Setup } from '../kernel/plan.ts';
import type { Observation, Protocol } from '../protocol/types.ts';
import { nextAction } from '../scenario/driver.ts';
import type { Expression } from '../scenario/conditions/condition.ts';
import type { Expectation, Goal, Scenario } from '../scenario/scenario.ts';
import type { Subject } from '../scenario/verdict.ts';
import { scenarioAction } from '../scenario/due.ts';
import { Candidates } from './candidates.ts';
import { narrowed } from './find/targets.ts';
import type { Promised, TimeMode } from './verdict.ts';
import { promiseOf, Promises } from './walks/broken.ts';
import { Dice } from './walks/dice.ts';
import { heldSetup } from './walks/held.ts';

/** A scenario without the promises that are not judged, and their names. */
export interface Judged {
  readonly scenario: Scenario;
  readonly unjudged: readonly string[];
}

/** The ids of the promises that read the time, as far as they are known. */
const timed = new WeakMap<Scenario, Set<string>>();

/** What is left of a scenario without time. */
const timeless = new WeakMap<Scenario, Judged>();

/** What a search or a walk judges by, with this meaning of time. */
export function judgedIn(time: TimeMode, scenario: Scenario): Judged {
  if (time === 'timed') return { scenario, unjudged: [] };
  const known = timeless.get(scenario);
  if (known !== undefined) return known;
  const readers = readersOf(scenario);
  const judged = readers.size === 0
    ? { scenario, unjudged: waitingSteps(scenario) }
    : {
      scenario: narrowed(scenario, (id) => !readers.has(id)),
      unjudged: namesOf(scenario, readers),
    };
  timeless.set(scenario, judged);
  // What is left is not looked through again.
  timeless.set(judged.scenario, judged);
  return judged;
}

/** Why a condition cannot be searched for without time; undefined if it can. */
export function whyTimed(time: TimeMode, { readsTime: isTimed }: Expression): string | undefined {
  if (time === 'timed' || !isTimed) return undefined;
  return 'it reads the time, which stands still in an untimed search';
}

/** Whether a promise reads the time in the run of the scenario itself, or does so by its text. */
export function readsTime(scenario: Scenario, subject: Subject): boolean {
  return readersOf(scenario).has(promiseOf(subject));
}

/**
 * Whether what these actions break reads the time in their run, although the run of the scenario
 * itself did not show it. From then on, the promise is not judged without time.
 */
export function learnsTime(
  scenario: Scenario,
  setup: Setup,
  actions: readonly Action[],
  subject: Promised,
): boolean {
  if (!seesSteps(scenario, subject)) return false;
  const id = promiseOf(subject);
  if (readersOf(scenario).has(id)) return false;
  const run = { setup, actions, promises: new Promises(scenario, id) };
  const readers = ofObservers(scenario, noting(() => breaks(run)));
  const isTimed = readers.has(id) ||
    (breaks(run) && !onlooking(withOtherTimes(), () => breaks(run)));
  if (!isTimed) return false;
  readersOf(scenario).add(id);
  timeless.delete(scenario);
  return true;
}

/** Whether code that receives the steps of a run decides this. */
function seesSteps({ expect, protocol }: Scenario, subject: Promised): subject is Subject {
  if (subject.kind === 'invariant') return true;
  if (subject.kind !== 'expectation') return false;
  const one = expect.find((other) => other.text === subject.text);
  return one !== undefined && derivedEventOf(one, protocol) !== undefined;
}

interface OneRun {
  readonly setup: Setup;
  readonly actions: readonly Action[];
  readonly promises: Promises;
}

function breaks({ setup, actions, promises }: OneRun): boolean {
  const effects = new Effects();
  const world = start(setup, promises.monitors, effects);
  if (promises.after(world, null, effects) !== undefined) return true;
  for (const action of actions) {
    if (!step(world, asPending(world, action), effects)) return false;
    if (promises.after(world, action, effects) !== undefined) return true;
  }
  return false;
}

function namesOf(scenario: Scenario, readers: ReadonlySet<string>): string[] {
  const { protocol: { invariants }, expect } = scenario;
  return [
    ...waitingSteps(scenario),
    ...expect.filter((one) => readers.has(promiseOf(subjectOf(one)))).map(({ text }) => text),
    ...Object.keys(invariants).filter((name) => {
      return readers.has(promiseOf({ kind: 'invariant', name }));
    }),
  ];
}

/** The steps that wait for a time: none of them is ever done, so nothing follows it. */
function waitingSteps({ steps }: Scenario): string[] {
  const waiting = steps.filter(({ placement, command }) => {
    return (placement?.type === 'when' && placement.condition.readsTime)
      || (command.type === 'until' && namesTime(command.goal));
  });
  return waiting.map(({ text }) => text);
}

function subjectOf({ text, range }: Expectation): Subject {
  return { kind: 'expectation', text, range };
}

/** The run that shows what invariants read ends after so many actions. */
const actionsMost = 300;

function readersOf(scenario: Scenario): Set<string> {
  const known = timed.get(scenario);
  if (known !== undefined) return known;
  const readers = new Set<string>();
  timed.set(scenario, readers);
  for (const one of scenario.expect) {
    if (namesTime(one)) readers.add(promiseOf(subjectOf(one)));
  }
  const { monitors } = new Promises(scenario);
  const observers = noting(() => {
    ownRun(scenario, monitors);
    for (let seed = 1; seed <= strayRuns; seed++) strayRun(scenario, monitors, seed);
  });
  for (const id of ofObservers(scenario, observers)) readers.add(id);
  return readers;
}

/** The ids of the promises that these observers decide: invariants, and those of derived events. */
function ofObservers({ expect, protocol }: Scenario, observers: ReadonlySet<Monitor>): Set<string> {
  const ids = new Set<string>();
  for (const observer of observers) {
    const { name } = observer;
    if (observer instanceof InvariantMonitor) ids.add(promiseOf({ kind: 'invariant', name }));
    if (!(observer instanceof DerivedEventMonitor)) continue;
    for (const one of expect) {
      if (derivedEventOf(one, protocol) === name) ids.add(promiseOf(subjectOf(one)));
    }
  }
  return ids;
}

/** The derived event that an expectation is about. */
function derivedEventOf(one: Expectation, { derivedEvents = {} }: Protocol): string | undefined {
  if (!('event' in one)) return undefined;
  return Object.hasOwn(derivedEvents, one.event.name) ? one.event.name : undefined;
}

function namesTime(one: Expectation | Goal): boolean {
  if ('condition' in one) return one.condition.readsTime;
  return 'event' in one && one.event.where?.readsTime === true;
}

function ownRun(scenario: Scenario, monitors: readonly Monitor[]): void {
  const effects = new Effects();
  const world: World = start(scenario.setup, monitors, effects);
  for (let taken = 0; taken < actionsMost; taken++) {
    const next = nextAction(scenario, world);
    if (next === undefined || !step(world, next, effects)) return;
  }
}

/** So many runs as an untimed search takes them are looked through, too, each this long. */
const strayRuns = 4;
const strayMost = 60;

/** Any message arrives and any timer fires: only there may an invariant read the time. */
function strayRun(scenario: Scenario, monitors: readonly Monitor[], seed: number): void {
  const effects = new Effects();
  const world = start(heldSetup({ ...scenario.setup, seed }), monitors, effects);
  const candidates = new Candidates({ time: 'untimed', lateTimers: false, keepsMessages: false });
  const dice = new Dice(seed, 'what reads the time');
  for (let taken = 0; taken < strayMost; taken++) {
    candidates.gather(world, scenarioAction(scenario, world, false));
    if (candidates.count === 0) return;
    const action = candidates.action(world, dice.below(candidates.count), 'earliest');
    if (!step(world, action, effects)) return;
    // A search ends there, too.
    if (effects.violations.length > 0 || effects.failure !== null) return;
  }
}

/** The observers that read the time while this runs. */
function noting(act: () => void): Set<Monitor> {
  const readers = new Set<Monitor>();
  onlooking((seen, observer) => withNotedTime(seen, () => readers.add(observer)), act);
  return readers;
}

/**
 * Its parts are its own, as those of a step are: code may copy them. A copy of all parts has not
 * read the time.
 */
function withNotedTime(seen: Observation<unknown>, note: () => void): Observation<unknown> {
  const parts = partsOf(seen, (operations) => withNotedTimes(operations, note));
  return noted(parts, ['time'], note);
}

/** When operations were invoked and ended is the time, too. */
function withNotedTimes<One extends object>(operations: readonly One[], note: () => void) {
  return operations.map((one) => noted(one, ['invokedAt', 'endedAt'], note));
}

/** Notes when one of these fields is read, but not when all are copied. */
function noted<Whole extends object>(
  whole: Whole,
  fields: readonly (string | symbol)[],
  note: () => void,
): Whole {
  let copied: string | symbol | undefined;
  return new Proxy(whole, {
    // Only what copies or lists the parts looks for this first.
    getOwnPropertyDescriptor(one, field) {
      if (fields.includes(field)) copied = field;
      return Reflect.getOwnPropertyDescriptor(one, field);
    },
    get(one, field) {
      if (fields.includes(field)) {
        if (field !== copied) note();
        copied = undefined;
      }
      return Reflect.get(one, field) as unknown;
    },
  });
}

/**
 * Shows other times: much later ones, and more so from step to step. A copy of a step does not
 * tell what is read of it, but what breaks at all times does not depend on them.
 */
function withOtherTimes(): (seen: Observation<unknown>) => Observation<unknown> {
  let last: Observation<unknown> | undefined;
  let time = 0;
  return (seen) => {
    if (seen !== last) time += 1e12;
    last = seen;
    return Object.defineProperty(partsOf(seen), 'time', { value: seen.time + time });
  };
}

function partsOf(
  seen: Observation<unknown>,
  shown: <One extends object>(operations: readonly One[]) => readonly One[] = (all) => all,
): Observation<unknown> {
  const hidden = {
    get history() {
      return shown(seen.history);
    },
    // So that what guards the code of a workspace does not read the parts itself.
    get [watchedNodes]() {
      return seen.nodes;
    },
  };
  const own = Object.getOwnPropertyDescriptors(seen);
  const answers = { ...own.answers, value: shown(seen.answers) };
  return Object.create(hidden, { ...own, answers }) as Observation<unknown>;
}
