/**
 * What the mode that does all tries beyond the bounds of a scenario, if the user sets none: slower
 * messages, crashes that the protocol is made for, and, as a notice, faults and no time at all.
 */
import type { Scenario } from '../../scenario/scenario.ts';
import { type FaultBudget, noFaults } from '../budgets.ts';
import { isSafety } from '../promises.ts';
import type { Exploration, TimeMode, Walked } from '../verdict.ts';

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

/** A violation under conditions that the scenario may exclude. */
export interface Notice {
  readonly time: TimeMode;
  readonly faults: FaultBudget;
  readonly verdict: ViolatedWalk;
}

/** What was tried beyond the bounds, and what was not. */
export interface Outside {
  /** Without a violation. */
  readonly tried: readonly TriedBeyond[];
  /** Crashes count only for a notice, because nothing says that the protocol is made for them. */
  readonly hasCrashes: boolean;
  /** Why nothing was tried, or nothing more. */
  readonly why?: WhyNotBeyond;
}

export type TriedBeyond = Omit<Trial, 'scenario'> & {
  /** 0 if no time was left for it, unless it does not apply. */
  readonly runs: number;
  /** It does not apply: it has no time, and a handler reads a clock. */
  readonly readsClock?: boolean;
};

export type WhyNotBeyond =
  /** The user chose what is searched, or left out states, which walks do not know. */
  | 'chosen'
  | 'left out'
  /** A promise is broken already; or a notice says how it is. */
  | 'broken'
  | 'noticed';

/** One try: the promises of a scenario, and under which conditions they are walked. */
export interface Trial {
  /** With the promises that it is about alone; its network is that of the scenario. */
  readonly scenario: Scenario;
  readonly time: TimeMode;
  readonly faults: FaultBudget;
  readonly slower?: number;
}

const oneCrash: FaultBudget = { ...noFaults, crashes: 1 };

export const fewFaults: FaultBudget = { ...noFaults, crashes: 1, drops: 1, duplicates: 1 };

/**
 * A violation in one of these is one of the protocol: no network bounds how long a message takes,
 * and a protocol that says what survives a crash has crashes in its model.
 */
export function trialsOfProtocol(given: Scenario): Trial[] {
  const scenario = ofProtocol(given);
  const slow: Trial = { scenario, time: 'timed', faults: noFaults, slower: slowerTimes };
  if (!modelsCrashes(given)) return [slow];
  return [slow, { scenario, time: 'timed', faults: oneCrash }, { ...slow, faults: oneCrash }];
}

/** A violation in one of these may be one of what the authors rely on: timing, or no faults. */
export function trialsForNotice(given: Scenario): Trial[] {
  const scenario = { ...given, expect: given.expect.filter(isSafetyOrThrow) };
  return [
    { scenario, time: 'timed', faults: fewFaults },
    { scenario, time: 'untimed', faults: noFaults },
    { scenario, time: 'untimed', faults: fewFaults },
  ];
}

/** The longest latency becomes so many times as long. */
export function slowed(scenario: Scenario, times = 1): Scenario {
  const { setup } = scenario;
  const { network } = setup;
  const [least, most] = network.latency;
  const latency = [least, most * times] as const;
  return { ...scenario, setup: { ...setup, network: { ...network, latency } } };
}

/** What the scenario expects is about the runs that it describes; invariants are about all. */
function ofProtocol(scenario: Scenario): Scenario {
  return { ...scenario, expect: scenario.expect.filter(({ type }) => type === 'throws') };
}

function isSafetyOrThrow(one: Scenario['expect'][number]): boolean {
  return isSafety(one) || one.type === 'throws';
}

/** Whether its author thought of crashes. */
export function modelsCrashes({ steps, setup: { protocol } }: Scenario): boolean {
  return (
    Object.values(protocol.roles).some(({ durable }) => durable !== undefined) ||
    steps.some(({ command }) => command.type === 'crash')
  );
}
