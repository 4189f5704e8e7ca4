/**
 * What the mode that does all tries beyond the bounds of a scenario, if the user sets none: slower
 * messages, crashes that the protocol is made for, and, as a notice, faults and no time at all.
 */
import { type FaultBudget, noFaults } from '../../explore/budgets.ts';
import { isSafety } from '../../explore/promises.ts';
import type { Exploration, TimeMode, Walked } from '../../explore/verdict.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Values } from '../options.ts';
import { type WalkRequest, within } from './request.ts';

/** Messages may take so many times the latency of the scenario. */
export const slowerTimes = 20;

type ViolatedWalk = Extract<Walked, { type: 'violated' }>;

/** A violation under conditions that the protocol must bear. */
export interface BeyondBounds {
  /** Messages may take so many times as long; absent if only faults were added. */
  readonly slower?: number;
  /** What was found out within the bounds of the scenario before. */
  readonly within: Exploration;
}

/** A violation under conditions that the scenario may exclude, with the options that show it. */
export interface Notice {
  readonly options: string;
  readonly verdict: ViolatedWalk;
}

/** One try: a scenario, and how it is walked. */
export interface Trial {
  readonly scenario: Scenario;
  readonly time: TimeMode;
  readonly faults: FaultBudget;
  readonly slower?: number;
  /** The options that repeat it. */
  readonly options?: string;
}

const oneCrash: FaultBudget = { ...noFaults, crashes: 1 };

const fewFaults: FaultBudget = { ...noFaults, crashes: 1, drops: 1, duplicates: 1 };

/** No trial takes more runs, or longer, in milliseconds. */
const runsMost = 2_000;
const msMost = 4_000;

/** The options by which a user chooses what a search is about. */
const chosen = ['mode', 'untimed', 'faults', 'on', 'reach', 'leads-to', 'within'] as const;

export function goesBeyond(values: Values): boolean {
  return chosen.every((name) => values[name] === undefined);
}

/**
 * A violation in one of these is one of the protocol: no network bounds how long a message takes,
 * and a protocol that says what survives a crash has crashes in its model.
 */
export function trialsOfProtocol(scenario: Scenario): Trial[] {
  const { setup } = scenario;
  const { network } = setup;
  const [least, most] = network.latency;
  const slow: Scenario = {
    ...scenario,
    setup: { ...setup, network: { ...network, latency: [least, most * slowerTimes] } },
  };
  const [own, slower] = [ofProtocol(scenario), ofProtocol(slow)];
  const trials: Trial[] = [
    { scenario: slower, time: 'timed', faults: noFaults, slower: slowerTimes },
  ];
  if (!modelsCrashes(scenario)) return trials;
  return [
    ...trials,
    { scenario: own, time: 'timed', faults: oneCrash },
    { scenario: slower, time: 'timed', faults: oneCrash, slower: slowerTimes },
  ];
}

/** A violation in one of these may be one of what the authors rely on: timing, or no faults. */
export function trialsForNotice(scenario: Scenario): Trial[] {
  const safe = { ...scenario, expect: scenario.expect.filter(isSafetyOrThrow) };
  const options = '--faults crashes=1,drops=1,duplicates=1';
  return [
    { scenario: safe, time: 'timed', faults: fewFaults, options },
    { scenario: safe, time: 'untimed', faults: noFaults, options: '--untimed' },
    { scenario: safe, time: 'untimed', faults: fewFaults, options: `--untimed ${options}` },
  ];
}

/** The walks of a trial. They stay in this thread: others read the scenario from its file. */
export function walkOf(walk: WalkRequest, { time, faults }: Trial): WalkRequest {
  const [first] = walk.seeds;
  return {
    ...walk,
    // A run as the simulator takes it is judged by its waits, which slower messages disturb.
    strategies: walk.strategies.filter(({ type }) => type !== 'plain'),
    time,
    faults,
    seeds: [first, Math.min(walk.seeds[1], first + runsMost - 1)],
    workers: 1,
    isOver: within(walk, msMost),
  };
}

/** What the scenario expects is about the runs that it describes; invariants are about all. */
function ofProtocol(scenario: Scenario): Scenario {
  return { ...scenario, expect: scenario.expect.filter(({ type }) => type === 'throws') };
}

function isSafetyOrThrow(one: Scenario['expect'][number]): boolean {
  return isSafety(one) || one.type === 'throws';
}

function modelsCrashes({ steps, setup: { protocol } }: Scenario): boolean {
  return (
    Object.values(protocol.roles).some(({ durable }) => durable !== undefined) ||
    steps.some(({ command }) => command.type === 'crash')
  );
}
