/** No run of a sample, with random faults or without, shows a standing or transition undeclared. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scenarioMonitors } from '../../src/check/verdicts.ts';
import type { Action } from '../../src/kernel/action.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { World } from '../../src/kernel/world.ts';
import type { Protocol } from '../../src/protocol/types.ts';
import { library } from '../../src/protocols/library.ts';
import { nextAction } from '../../src/scenario/driver.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import {
  declaredCause, isUnnamed, type OthersNow, standingsOf, type StandingsNow, transitionsIn,
  transitionsOfOthers,
} from '../../src/view/roles/transitions.ts';
import { root } from '../architecture/source.ts';
import { Dice } from './dice.ts';
import { restartOne, twoGroups } from './faults.ts';

const samples = join(root, 'samples');
const files = readdirSync(samples, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.scenario.yaml'))
  .sort();
const isLong = process.env.LOCKSTEP_SEEDS !== undefined;
const stepsMost = isLong ? 20_000 : 250;
const seeds = isLong ? 20 : 1;

/** Undefined if it is of a protocol of its own workspace. */
function scenarioOf(file: string, protocol?: Protocol): Scenario | undefined {
  const text = readFileSync(join(samples, file), 'utf8');
  const known = library.filter(({ name }) => name !== protocol?.name);
  return parseScenario(text, file, protocol ? [...known, protocol] : known).scenario;
}

function someFault(dice: Dice, world: World): Action | undefined {
  const at = world.time;
  const all = world.nodes.map(({ id }) => id);
  const node = dice.one(all);
  switch (dice.below(4)) {
    case 0:
      return { type: 'crash', at, node };
    case 1:
      return restartOne(dice, world);
    case 2:
      return { type: 'pause', at, node, for: 1_000 * dice.below(3_000) };
    default:
      return { type: 'partition', at, groups: twoGroups(dice, all), for: 1_000 * dice.below(4_000) };
  }
}

/** What is not declared, each once: `raft/replica: leader → candidate`. */
function undeclaredIn(scenario: Scenario, seed: number, faults: number): string[] {
  const { protocol } = scenario.setup;
  const dice = new Dice(seed);
  const effects = new Effects();
  const world = start({ ...scenario.setup, seed }, scenarioMonitors(scenario), effects);
  const now: StandingsNow = new Map();
  const others: OthersNow = new Map();
  const found = new Set<string>();
  for (let tried = 0; tried <= stepsMost; tried++) {
    for (const one of transitionsIn(world, now)) {
      const standings = standingsOf(protocol.roles, one.role) ?? { '': { doc: 'None.' } };
      if (isUnnamed(standings, one) || declaredCause(standings, one) !== undefined) continue;
      found.add(`${protocol.name}/${one.role}: ${one.from ?? 'boot'} → ${one.to}`);
    }
    for (const one of transitionsOfOthers(world, protocol.roles, others)) {
      const standings = standingsOf(protocol.roles, one.role, 'others')!;
      if (declaredCause(standings, one) !== undefined) continue;
      found.add(`${protocol.name}/${one.role}, of others: ${one.from ?? 'unknown'} → ${one.to}`);
    }
    const fault = dice.chance(faults) ? someFault(dice, world) : undefined;
    const action = fault ?? nextAction(scenario, world);
    if (action === undefined) break;
    step(world, action, effects);
  }
  return [...found];
}

test('of every sample', () => {
  const found = new Set<string>();
  // Faults are random in a sample of each protocol.
  const tried = new Set<string>();
  for (const file of files) {
    const scenario = scenarioOf(file);
    if (scenario === undefined) continue;
    const isNew = !tried.has(scenario.protocol.name);
    tried.add(scenario.protocol.name);
    for (let seed = 1; seed <= seeds; seed++) {
      for (const one of undeclaredIn(scenario, seed, 0)) found.add(one);
      if (!isNew && !isLong) continue;
      for (const one of undeclaredIn(scenario, seed, 0.03)) found.add(one);
    }
  }
  expect([...found]).toEqual([]);
});

describe('a planted fault is found', () => {
  const raft = library.find(({ name }) => name === 'raft')!;
  const replica = raft.roles.replica!;
  const changed = (standings: typeof replica.standings): Protocol => ({
    ...raft, roles: { ...raft.roles, replica: { ...replica, standings } },
  });

  test('if a standing is not declared', () => {
    const { leader: _, ...others } = replica.standings!;
    const scenario = scenarioOf('raft/leader-crash.scenario.yaml', changed(others));
    expect(undeclaredIn(scenario!, 1, 0)).toContain('raft/replica: candidate → leader');
  });

  test('if a transition is not declared', () => {
    const { candidate } = replica.standings!;
    const fewer = { ...replica.standings, candidate: { ...candidate!, to: {} } };
    const scenario = scenarioOf('raft/leader-crash.scenario.yaml', changed(fewer));
    expect(undeclaredIn(scenario!, 1, 0)).toEqual(['raft/replica: candidate → leader']);
  });
});
