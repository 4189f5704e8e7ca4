/** Logical clocks of the built-in protocols, in their samples and under random faults. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Action } from '../../../src/kernel/action.ts';
import { StepLog } from '../../../src/kernel/causality/causal-record.ts';
import { LogicalClocks } from '../../../src/kernel/causality/logical-clocks.ts';
import { Effects } from '../../../src/kernel/effects.ts';
import { Run } from '../../../src/kernel/run.ts';
import { start } from '../../../src/kernel/step.ts';
import type { World } from '../../../src/kernel/world.ts';
import { library } from '../../../src/protocols/library.ts';
import { nextAction } from '../../../src/scenario/driver.ts';
import { parseScenario } from '../../../src/scenario/parse/parse.ts';
import { scenarioMonitors } from '../../../src/check/verdicts.ts';
import { root } from '../../architecture/source.ts';
import { Dice } from '../../protocols/dice.ts';
import { restartOne, someMessage, twoGroups } from '../../protocols/faults.ts';
import { CausalGraph, firstDifference, firstWrongOrder } from './causal-graph.ts';

const stepsMost = 130;

function randomFault(dice: Dice, world: World): Action | undefined {
  const at = world.time;
  const all = world.nodes.map(({ id }) => id);
  const [node, other] = [dice.one(all), dice.one(all)];
  const message = someMessage(dice, world);
  switch (dice.below(10)) {
    case 0:
      return { type: 'crash', at, node };
    case 1:
    case 2:
      return restartOne(dice, world);
    case 3:
      return { type: 'pause', at, node, for: 1_000 * dice.below(300) };
    case 4:
      return { type: 'partition', at, groups: twoGroups(dice, all), for: 1_000 * dice.below(500) };
    case 5:
      return { type: 'power-off', at, node, for: 1_000 * dice.below(500) };
    case 6:
      return node === other ? undefined : { type: 'reset', at, nodes: [node, other] };
    case 7:
      return message && { type: 'drop', ...message };
    case 8:
      return message && { type: 'duplicate', ...message };
    default:
      return message && { type: 'delay', ...message, by: 1_000 * dice.below(200) };
  }
}

test.each([
  'raft/leader-crash',
  'zookeeper/session-moves',
  'kafka/controller-change',
  'consul/failover',
  'distributed-locks/etcd-leader-crash',
  'swim/crash',
])('%s', (name) => {
  const text = readFileSync(join(root, 'samples', `${name}.scenario.yaml`), 'utf8');
  const { scenario } = parseScenario(text, name, library);
  for (const seed of [1, 2]) {
    const dice = new Dice(seed);
    const effects = new Effects();
    const world = start({ ...scenario!.setup, seed }, scenarioMonitors(scenario!), effects);
    const graph = new CausalGraph(world, effects);
    const log = new StepLog(world.nodes.map(({ started }) => started));
    const run = new Run(world);
    for (let tried = 0; tried < stepsMost; tried++) {
      const fault = dice.chance(0.08) ? randomFault(dice, world) : undefined;
      const action = fault ?? nextAction(scenario!, world);
      if (action === undefined) break;
      if (!run.take(world, action, effects)) continue;
      graph.note(world, action, effects);
      log.note(effects, action.type === 'duplicate');
    }
    expect(run.length).toBeGreaterThan(30);
    for (const record of [run, log]) {
      const clocks = new LogicalClocks(record, null, 32);
      expect(firstDifference(graph, clocks)).toBeUndefined();
      expect(firstWrongOrder(graph, clocks)).toBeUndefined();
    }
  }
});
