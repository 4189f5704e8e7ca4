// The steps of a scenario in a run: when each acts, what each waits for, and which fail.
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { scenarioMonitors } from '../../src/check/verdicts.ts';
import { verdictLine } from '../../src/check/verdict-words.ts';
import type { Action } from '../../src/kernel/action.ts';
import { formatTime } from '../../src/kernel/text/duration.ts';
import type { Pending } from '../../src/kernel/pending.ts';
import { start, step } from '../../src/kernel/step.ts';
import { actionText, parseAction } from '../../src/kernel/text/action-text.ts';
import { library } from '../../src/protocols/library.ts';
import { currentStep, nextAction } from '../../src/scenario/driver.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { expectGolden } from '../golden.ts';

function scenarioOf(lines: string[], more = ''): Scenario {
  const steps = lines.length > 0 ? `steps:\n${lines.map((line) => `  - ${line}\n`).join('')}` : '';
  const head = 'protocol: raft\nnodes: { n1..n3: replica, client: client }\nseed: 1\n';
  const source = `${head}${steps}${more}`;
  const { scenario, problems } = parseScenario(source, 'x', library);
  if (!scenario) throw new Error(JSON.stringify(problems));
  return scenario;
}

/** The scenario's lines, the actions that it took, and the verdicts that are violated. */
function story(lines: string[], more = ''): string {
  const scenario = scenarioOf(lines, more);
  const taken: string[] = [];
  const { world, verdicts } = simulate(scenario, (at, action) => {
    if (action === null) return;
    const applied = action.type === 'postponed' ? action.action : action;
    if (!('step' in applied) || applied.step === undefined) return;
    taken.push(`${formatTime(at.time)} line ${applied.step + 1}: ${actionText(action)}`);
  });
  const failed = verdicts.filter(({ type }) => type === 'violated').map((verdict) => verdictLine(verdict));
  return [
    ...lines.map((line) => `- ${line}`),
    ...taken,
    ...failed,
    `ends at ${formatTime(world.time)}`,
  ].join('\n');
}

const stories: Record<string, [string[], string?]> = {
  'times and waits': [
    ['wait 10ms', 'crash n1', 'at 50ms restart n1', 'at 20ms: crash n2', 'wait 0s', 'restart n2'],
  ],
  'a fault on several nodes': [['crash n1 n2', 'restart n1 n2']],
  'nodes by their standing': [
    ['crash the leader', 'restart the crashed', 'partition the leader | the others for 1s'],
  ],
  'an event that is reported while the step before it is current': [
    ['client put x 1 answers OK', 'wait until EntryCommitted', 'wait until TermChanged within 1s'],
  ],
  'one event ends one wait': [['wait until LeaderElected', 'wait until LeaderElected within 2s']],
  'after an event, when a condition holds': [
    [
      'after LeaderElected where event.term >= 1: crash the follower',
      'when n1.epoch > 0: restart the crashed',
    ],
  ],
  'steps that are not possible': [
    ['restart n1', 'resume n1', 'crash n1', 'crash n1', 'fire n1 heartbeat', 'deliver n2->n3#4000'],
  ],
  'steps that are not possible, between waits': [
    ['wait 1s', 'restart n1', 'crash n1', 'wait 1s', 'crash n1'],
  ],
  'answers that differ from the expected ones': [
    ['client get x answers 1', 'client put x 1 fails', 'client cas x 1 2 answers true'],
  ],
  'an operation without an answer': [
    ['crash n1 n2', 'client put x 1 within 2s', 'start client put x 2', 'crash client'],
  ],
  'a paused client gets its operation when it resumes': [['pause client for 1s', 'client put x 1 answers OK']],
  'a client that crashes before the answer': [
    ['start client put x 1', 'crash client', 'wait until client answered'],
  ],
  'commands on single messages': [
    [
      'fire n1 election',
      'deliver n1->n2 RequestVote',
      'drop n1->n3',
      'delay n2->n1 by 5ms',
      'duplicate n2->n1',
    ],
  ],
  'an answer from one node to another': [
    [
      'fire n1 election',
      'wait until LeaderElected',
      'client put x 1',
      'start client put x 2',
      'wait until n1 answered client within 1s',
    ],
  ],
  'until an event': [['client put x 1'], 'until: EntryApplied at n3\n'],
  'until a time': [[], 'until: 1s\n'],
  'until a condition that never holds': [[], 'until: n1.state.currentTerm > 99\n'],
  'without until, the run ends when only heartbeats are left': [['client put x 1']],
  'a cluster that never becomes quiescent': [['crash n1 n2'], 'settle: 2s\n'],
  'links cut one way and healed': [
    ['cut n1 n2 -> n3 for 100ms', 'heal n1 -> n2', 'network loss=5% delay=1ms on n1 -> *', 'heal'],
  ],
  clocks: [['clock n1 offset +5ms', 'clock n2 jump -1s drift 200ppm']],
};

test('stories', () => {
  const texts = Object.entries(stories).map(
    ([name, [lines, more]]) => `# ${name}\n${story(lines, more)}`,
  );
  expectGolden(import.meta.url, 'stories', texts.join('\n\n'));
});

const busy = [
  'wait until LeaderElected',
  'client put x 1',
  'crash the leader',
  'wait 1s',
  'restart n9x',
  'client get x',
];
const steps = busy.map((line) => line.replace('n9x', 'the crashed'));

/** All actions of a run. */
function actionsOf(scenario: Scenario): (Action | Pending)[] {
  const actions: (Action | Pending)[] = [];
  simulate(scenario, (_world, action) => {
    if (action !== null) actions.push(action);
  });
  return actions;
}

test('a replay and a branch have the same progress as the run', () => {
  const scenario = scenarioOf(steps);
  const actions = actionsOf(scenario);
  const world = start(scenario.setup, scenarioMonitors(scenario));
  for (const action of actions) {
    const fork = world.fork();
    const chosen = nextAction(scenario, world)!;
    expect(actionText(chosen)).toBe(actionText(action));
    step(world, action);
    step(fork, nextAction(scenario, fork)!);
    expect(fork.memories).toEqual(world.memories);
  }
  expect(nextAction(scenario, world)).toBeUndefined();
  expect(currentStep(scenario, world)).toBe(steps.length);
});

test('an action survives being printed and parsed', () => {
  const scenario = scenarioOf([
    ...steps,
    'partition n1 | n2 n3 for 1s',
    'clock n1 jump -1s',
    'network loss=1%',
  ]);
  for (const action of actionsOf(scenario)) {
    const text = actionText(action);
    const parsed = parseAction(text);
    expect(parsed && actionText(parsed)).toBe(text);
  }
});

test('the same seed gives the same run, and another seed another run', () => {
  const run = (seed: number) => {
    const scenario = scenarioOf(steps);
    return actionsOf({ ...scenario, setup: { ...scenario.setup, seed } })
      .map(actionText)
      .join('\n');
  };
  expect(run(1)).toBe(run(1));
  expect(run(1)).not.toBe(run(2));
});
