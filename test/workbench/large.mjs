// The panels of large runs: 100 servers, and 10,000 entries in each log.
import assert from 'node:assert/strict';
import { layouts } from './desk.mjs';
import { photograph } from './pictures.mjs';

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
  describeRun(desk, '100 nodes', ['step', 'step', 'stepBack'], async () => {
    await desk().start('hundred.scenario.yaml');
  });

  it('100 nodes: the picture', async () => {
    await photograph(desk().workbench, { layout: 'hundred', panels: Object.keys(layouts.run), theme: 'dark' });
  });

  describeRun(desk, '10,000 log entries', ['stepBack', 'stepBack', 'step'], async () => {
    await desk().start('long.scenario.yaml');
    await desk().goToEnd();
    const sizes = await desk().probe.strings('nodes.filter(n, n.role == "replica").map(n, string(n.state.log.size()))');
    assert.deepEqual(sizes, ['10001', '10001', '10001']);
  });
}

/** Steps, back steps, hiding and showing, and reloads, with what each panel draws in between. */
function describeRun(desk, name, moves, start) {
  it(`${name}: the session stops in it`, async () => {
    await desk().stop();
    await start();
  });

  for (const layout of ['data', 'run']) {
    it(`${name}, steps and back steps: ${Object.keys(layouts[layout]).join(', ')}`, async () => {
      await desk().show(layout);
      await desk().hold(layout);
      for (const move of moves) {
        await desk()[move]();
        await desk().hold(layout);
      }
    });
  }

  it(`${name}: what was hidden while the session moved on, and after a reload of the pages`, async () => {
    await desk().stepBack();
    await desk().show('data');
    await desk().hold('data');
    await desk().step();
    await desk().show('run');
    await desk().hold('run');
    await desk().reloadPages();
    await desk().hold('run');
  });
}
