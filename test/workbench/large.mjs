// The panels of large runs: 100 servers, and 10,000 entries in each log.
import assert from 'node:assert/strict';
import { photograph } from './pictures.mjs';
import { layouts } from './desk.mjs';

export const largeScenarios = {
  'hundred.scenario.yaml': `title: A hundred servers elect a leader
protocol: raft
nodes:
  n1..n100: replica
  client: client
network: { latency: 10ms..15ms }
seed: 7
steps:
  - fire n1 election
  - wait until LeaderElected
  - client put x 1
  - wait 1s
breakOn: [LeaderElected]
`,
  'long.scenario.yaml': `title: Ten thousand entries
protocol: raft
nodes:
  n1..n3: replica
  c1: client
seed: 7
steps:
  - fire n1 election
  - wait until LeaderElected
  - repeat 10000 times every 1ms: c1 put x new
  - wait 1s
`,
};

/** Registers the tests with mocha. `desk` returns the desk of the window, whose panels are open. */
export function describeLarge(desk) {
  /** Steps, back steps, hiding and showing, and reloads, with what each panel draws in between. */
  const walk = async ({ back }) => {
    const { step, stepBack } = bound(desk());
    for (const layout of ['data', 'run']) {
      await desk().show(layout);
      await desk().hold(layout);
      for (const move of back ? [stepBack, stepBack, step] : [step, step, stepBack]) {
        await move();
        await desk().hold(layout);
      }
    }
    await stepBack();
    // While they were hidden, the session moved on.
    await desk().show('data');
    await desk().hold('data');
    await step();
    await desk().show('run');
    await desk().hold('run');
    await desk().reloadPages();
    await desk().hold('run');
  };

  it('100 nodes: steps, back steps, hiding and showing, reload', async () => {
    await desk().stop();
    await desk().start('hundred.scenario.yaml');
    await walk({ back: false });
    await photograph(desk().workbench, { layout: 'hundred', panels: Object.keys(layouts.run), theme: 'dark' });
  });

  it('10,000 log entries: steps, back steps, hiding and showing, reload', async () => {
    await desk().stop();
    await desk().start('long.scenario.yaml');
    await desk().goToEnd();
    const sizes = await desk().probe.strings('nodes.filter(n, n.role == "replica").map(n, string(n.state.log.size()))');
    assert.deepEqual(sizes, ['10001', '10001', '10001']);
    await walk({ back: true });
  });
}

function bound(desk) {
  return { step: () => desk.step(), stepBack: () => desk.stepBack() };
}
