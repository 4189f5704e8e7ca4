/** What keeps a run going after its last step is said at its end. */
import { expect, test } from 'vitest';
import { pinging, pingShell } from '../cli/shell.ts';

const role = (times: number, background = '') =>
  `start: (node: any) => node.setTimer('later', 20_000), ${background}
   timers: { later(node: any) {
     if (++node.state.count < ${times}) node.setTimer('later', 20_000);
   } },`;

async function noteOf(parts: Parameters<typeof pingShell>[0], scenario = pinging) {
  const { out } = await pingShell(parts, scenario).run('run', '-q', 'ping.scenario.yaml');
  return out.split('\n').find((line) => line.includes('went on'));
}

test('timers that fire', async () => {
  expect(await noteOf({ role: role(3) })).toBe(
    '! the run went on for 50 ms after its last step: the timer later of a fired 3 times, ' +
      'the timer later of b fired once',
  );
  expect(await noteOf({ role: role(1) })).toMatch(/later of a fired once, the timer later of b/);
});

test('an operation without an answer, and the limit that ended the run', async () => {
  const silent = (text: string) => text.replace("node.reply(operation, 'sent');", '');
  const shell = pingShell({ role: role(1_000_000) }, `${pinging}settle: 1s\n`.replace(/ {2}- a ask\n {2}- a ask/, '  - start a ask'));
  shell.files['pinging.ts'] = silent(shell.files['pinging.ts']);
  const { out } = await shell.run('run', '-q', 'ping.scenario.yaml');
  expect(out).toMatch(
    /! the run went on for [\d.]+ m?s after its last step, and its next action is later than `settle: 1s`: the timer later of a fired 50 times, the timer later of b fired 50 times, a#1 \(ask\) was not answered\n/,
  );
  const { out: json } = await shell.run('run', '--json', 'ping.scenario.yaml');
  const end = JSON.parse(json.trimEnd().split('\n').at(-1)!);
  expect(end.afterLastStep).toMatchObject({
    settle: 1_000_000,
    timers: [{ node: 'a', handler: { kind: 'timer', name: 'later' }, times: 50 }, { node: 'b' }],
    open: [{ operation: 'a#1', node: 'a', name: 'ask' }],
  });
});

test('nothing is said of background timers, of messages, and of a run with `until`', async () => {
  expect(await noteOf({ role: role(9, "background: ['later'],") })).toBeUndefined();
  expect(await noteOf({}, pinging.replace('  - wait 10ms\n', ''))).toBeUndefined();
  expect(await noteOf({ role: role(9) }, `${pinging}until: 1s\n`)).toBeUndefined();
});
