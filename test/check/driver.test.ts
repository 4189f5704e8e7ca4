// A scenario's steps against a run: what is done when, what is waited for, and what is missed.
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { scenarioMonitors } from '../../src/check/verdicts.ts';
import type { Action } from '../../src/kernel/action.ts';
import { formatMoment } from '../../src/kernel/text/duration.ts';
import type { Pending } from '../../src/kernel/pending.ts';
import { start, step } from '../../src/kernel/step.ts';
import { actionText, parseAction } from '../../src/kernel/text/action-text.ts';
import { library } from '../../src/protocols/library.ts';
import { nextAction, progress } from '../../src/scenario/driver.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { expectGolden } from '../golden.ts';

function scenarioOf(lines: string[], more = ''): Scenario {
  const steps = lines.length > 0 ? `steps:\n${lines.map((line) => `  - ${line}\n`).join('')}` : '';
  const source = `protocol: raft\nnodes: { n1..n3: replica, client: client }\nseed: 1\n${steps}${more}`;
  const { scenario, problems } = parseScenario(source, 'x', library);
  if (!scenario) throw new Error(JSON.stringify(problems));
  return scenario;
}

/** What the scenario did, and what it missed. */
function told(lines: string[], more = ''): string {
  const scenario = scenarioOf(lines, more);
  const done: string[] = [];
  const { world, verdicts } = simulate(scenario, (at, action) => {
    if (action === null) return;
    const asked = action.type === 'postponed' ? action.action : action;
    if (!('step' in asked) || asked.step === undefined) return;
    done.push(`${formatMoment(at.time)} line ${asked.step + 1}: ${actionText(action)}`);
  });
  const missed = verdicts.flatMap((verdict) =>
    verdict.type === 'violated' ? [`✗ ${verdict.text}: ${verdict.why}`] : [],
  );
  return [
    ...lines.map((line) => `- ${line}`),
    ...done,
    ...missed,
    `ends at ${formatMoment(world.time)}`,
  ].join('\n');
}

const stories: Record<string, [string[], string?]> = {
  'moments and waits': [
    ['wait 10ms', 'crash n1', 'at 50ms restart n1', 'at 20ms: crash n2', 'wait 0s', 'restart n2'],
  ],
  'a fault on several nodes': [['crash n1 n2', 'restart n1 n2']],
  'the leader, whoever it is': [
    ['crash the leader', 'restart the crashed', 'partition the leader | the others for 1s'],
  ],
  'an event that came while the step before it was under way': [
    ['client put x 1 answers OK', 'wait until EntryCommitted', 'wait until TermChanged within 1s'],
  ],
  'one event ends one wait': [['wait until LeaderElected', 'wait until LeaderElected within 2s']],
  'after an event, when a condition holds': [
    [
      'after LeaderElected where event.term >= 1: crash the follower',
      'when n1.epoch > 0: restart the crashed',
    ],
  ],
  'what cannot be done is told': [
    ['restart n1', 'resume n1', 'crash n1', 'crash n1', 'fire n1 heartbeat', 'deliver n2->n3#4000'],
  ],
  'time passes over what cannot be done': [
    ['wait 1s', 'restart n1', 'crash n1', 'wait 1s', 'crash n1'],
  ],
  'an answer that is not the one expected': [
    ['client get x answers 1', 'client put x 1 fails', 'client cas x 1 2 answers true'],
  ],
  'an operation without an answer': [
    ['crash n1 n2', 'client put x 1 within 2s', 'start client put x 2', 'crash client'],
  ],
  'a paused client is asked when it wakes': [['pause client for 1s', 'client put x 1 answers OK']],
  'a client that crashes is never answered': [
    ['start client put x 1', 'crash client', 'wait until client answered'],
  ],
  'messages taken in hand': [
    [
      'fire n1 election',
      'deliver n1->n2 RequestVote',
      'drop n1->n3',
      'delay n2->n1 by 5ms',
      'duplicate n2->n1',
    ],
  ],
  'who answered whom': [
    [
      'fire n1 election',
      'wait until LeaderElected',
      'client put x 1',
      'start client put x 2',
      'wait until n1 answered client within 1s',
    ],
  ],
  'the end: an event': [['client put x 1'], 'until: EntryApplied at n3\n'],
  'the end: a moment': [[], 'until: 1s\n'],
  'the end: a condition that never comes': [[], 'until: n1.state.currentTerm > 99\n'],
  'the end: nothing but heartbeats': [['client put x 1']],
  'the end of a cluster that never calms down': [['crash n1 n2'], 'settle: 2s\n'],
  'one way, and back': [
    ['cut n1 n2 -> n3 for 100ms', 'heal n1 -> n2', 'network loss=5% delay=1ms on n1 -> *', 'heal'],
  ],
  clocks: [['clock n1 offset +5ms', 'clock n2 jump -1s drift 200ppm']],
};

test('stories', () => {
  const texts = Object.entries(stories).map(
    ([name, [lines, more]]) => `# ${name}\n${told(lines, more)}`,
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

/** The actions of a run, as a trace keeps them. */
function actionsOf(scenario: Scenario): (Action | Pending)[] {
  const actions: (Action | Pending)[] = [];
  simulate(scenario, (_world, action) => {
    if (action !== null) actions.push(action);
  });
  return actions;
}

test('progress is a function of the run: a replay and a branch have it too', () => {
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
  expect(progress(scenario, world)).toEqual({ step: steps.length, done: true });
});

test('a line of a trace is a command, and the same action again', () => {
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

test('the same seed is the same run, another is another', () => {
  const run = (seed: number) => {
    const scenario = scenarioOf(steps);
    return actionsOf({ ...scenario, setup: { ...scenario.setup, seed } })
      .map(actionText)
      .join('\n');
  };
  expect(run(1)).toBe(run(1));
  expect(run(1)).not.toBe(run(2));
});
