/** The history of a run: what it records, and that it goes back and forks with the world. */
import { describe, expect, test } from 'vitest';
import { historyText } from '../../src/check/history/export.ts';
import { historyAt } from '../../src/check/history/recording.ts';
import { readHistory } from '../../src/check/formats/read-history.ts';
import { models } from '../../src/check/models/models.ts';
import { simulate } from '../../src/check/simulate.ts';
import { verdictReason } from '../../src/check/verdict-words.ts';
import { scenarioMonitors } from '../../src/check/verdicts.ts';
import { Snapshot } from '../../src/kernel/snapshot.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { World } from '../../src/kernel/world.ts';
import type { RecordedOperation } from '../../src/protocol/history.ts';
import type { Node, Protocol } from '../../src/protocol/types.ts';
import { library } from '../../src/protocols/library.ts';
import { modelNames } from '../../src/scenario/history/models.ts';
import { nextAction } from '../../src/scenario/driver.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';

function scenarioOf(text: string): Scenario {
  const { scenario, problems } = parseScenario(text, 'test.scenario.yaml', library);
  if (scenario === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  return scenario;
}

const raft = (steps: string) => `protocol: raft
nodes: { n1..n3: replica, c1: client, c2: client }
seed: 1
steps:
  - wait until LeaderElected
${steps}`;

const twoClients = raft(`  - start c1 put x 1
  - start c2 put x 2
  - start c2 get x
  - wait until c1 answered
  - wait until c2 answered
  - start c1 put x 3
  - crash c1
  - restart c1
  - c1 get x
`);

const words = (history: readonly RecordedOperation[]) =>
  history.map(({ process, name, invoked, returned, outcome, result }) => {
    return `${process} ${name} ${invoked}..${returned ?? ''} ${outcome} ${JSON.stringify(result)}`;
  });

function goOn(scenario: Scenario, world: World, until: number): void {
  for (;;) {
    const action = world.step < until ? nextAction(scenario, world) : undefined;
    if (action === undefined) return;
    step(world, action);
  }
}

describe('the history of a run', () => {
  test('orders events by positions, with a process for each open operation', () => {
    const { world } = simulate(scenarioOf(twoClients));
    expect(words(historyAt(world))).toMatchInlineSnapshot(`
      [
        "c1 put 0..3 ok "OK"",
        "c2 put 1..4 ok "OK"",
        "c2/2 get 2..5 ok 2",
        "c1 put 6.. unknown undefined",
        "c1/2 get 7..8 ok 3",
      ]
    `);
  });

  test('is the same in a replay, in a fork and in a world that a checkpoint restores', () => {
    const scenario = scenarioOf(twoClients);
    const { world } = simulate(scenario);
    const replayed = start(scenario.setup, scenarioMonitors(scenario));
    goOn(scenario, replayed, 30);
    const early = historyAt(replayed);
    const fork = replayed.fork();
    const restored = new Snapshot(replayed).restore();
    for (const one of [replayed, restored]) {
      expect(historyAt(one)).toEqual(early);
      goOn(scenario, one, Infinity);
      expect(historyAt(one)).toEqual(historyAt(world));
    }
    expect(early).not.toEqual(historyAt(world));
    expect(historyAt(fork)).toEqual(early);
  });
});

describe('an expectation of the history', () => {
  test('names a model that has a checker, and each checker can be named', () => {
    expect([...modelNames].sort()).toEqual(models.map(({ name }) => name).sort());
  });

  const verdictOf = (protocol: Protocol, line: string, steps: string) => {
    const text = `${raft(steps)}expect: [${line}]\n`;
    const { scenario } = parseScenario(text, 'test.scenario.yaml', [protocol]);
    const { verdicts } = simulate(scenario!);
    return verdicts.find(({ subject }) => subject.kind === 'expectation')!;
  };
  const raftProtocol = library.find(({ name }) => name === 'raft')!;

  /** A client that answers reads from a copy that it never renews. */
  const stale = ((): Protocol => {
    const { client } = raftProtocol.roles;
    const get = { ...client.operations!.get, run: (node: Node, _: object, id: string) => {
      node.reply(id, null);
    } };
    const operations = { ...client.operations, get };
    return { ...raftProtocol, roles: { ...raftProtocol.roles, client: { ...client, operations } } };
  })();

  test('finds a planted stale read, with the operations and the steps that show it', () => {
    const steps = '  - c1 put x 1\n  - c2 put y 1\n  - c2 get x\n';
    expect(verdictOf(raftProtocol, 'history is linearizable', steps)).toMatchObject({
      type: 'holds', tested: { on: 'history', times: 3 },
    });
    const verdict = verdictOf(stale, 'history is linearizable', steps);
    expect(verdict).toMatchObject({
      type: 'violated',
      reason: {
        code: 'history-violates',
        witness: { operations: [{ node: 'c1', name: 'put' }, { node: 'c2', name: 'get' }] },
      },
    });
    const { operations } = (verdict as any).reason.witness;
    expect((verdict as any).step).toBe(operations[1].endedStep);
    expect(verdictReason(verdict)).toMatch(/^no order explains `c1 put x 1 → "OK"` \(steps \d+ to/);
    expect(verdictOf(stale, 'history is not linearizable', steps).type).toBe('holds');
    expect(verdictOf(raftProtocol, 'history is not linearizable', steps).type).toBe('violated');
  });

  test('that holds without any operation says so', () => {
    const verdict = verdictOf(raftProtocol, 'history is linearizable', '  - wait 1s\n');
    expect(verdictReason(verdict)).toBe('holds, but no operation that it is about was answered');
  });

  test('an exported history is read again as it was', () => {
    const { world } = simulate(scenarioOf(twoClients));
    const history = historyAt(world);
    const read = readHistory(historyText(history, 'jsonl'));
    expect(read).toMatchObject({
      history: history.map(({ process, name, invoked, outcome }) => {
        return { process, name, invoked, outcome };
      }),
    });
    expect(readHistory(historyText(history, 'edn'))).toMatchObject({
      history: history.map(({ name, outcome }) => ({ name, outcome })),
    });
  });
});
