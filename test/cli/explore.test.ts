// `lockstep explore` searches the runs of a scenario, and its exit code says what it found.
import { describe, expect, test } from 'vitest';
import { shellWord } from '../../src/cli/process/shell-words.ts';
import { Shell } from './shell.ts';

const paxos = `protocol: paxos
nodes: { p1: proposer, a1..a3: acceptor }
steps:
  - start p1 propose red
`;
const files = {
  'paxos.scenario.yaml': paxos,
  'never.scenario.yaml': `${paxos}expect:\n  - never: a2.state.maxBal != null\n`,
};
const shell = () => new Shell({ ...files });

describe('exit codes', () => {
  test('0: it holds within the limits, which are named', async () => {
    const found = await shell().run(
      'explore', '--untimed', '--max-depth', '3', 'paxos.scenario.yaml',
    );
    expect(found).toMatchObject({ code: 0, error: '' });
    expect(found.out).toContain('states within these bounds');
    expect(found.out).toContain('--max-depth');
    expect(found.out).toContain('untimed');
  });

  test('1: it is violated, with the run', async () => {
    const found = await shell().run('explore', '--untimed', 'never.scenario.yaml');
    expect(found.code).toBe(1);
    expect(found.out).toContain('VIOLATED');
    expect(found.out).toContain('✗ violated: never: a2.state.maxBal != null');
  });

  test('1, timed: the trace as JSON', async () => {
    const found = await shell().run('explore', '--json', 'never.scenario.yaml');
    expect(found.code).toBe(1);
    const verdict = JSON.parse(found.out) as { trace: { actions: { type: string }[] } };
    expect(verdict).toMatchObject({ type: 'violated', time: 'timed' });
    expect(verdict.trace.actions.at(-1)).toMatchObject({ type: 'deliver', to: 'a2' });
  });

  test('3: it stopped at a limit', async () => {
    const found = await shell().run(
      'explore', '--untimed', '--max-states', '5', 'paxos.scenario.yaml',
    );
    expect(found.code).toBe(3);
    expect(found.out).toContain('unknown: stopped at --max-states after');
  });

  test.each([
    [['--mode', 'bsf'], 'there is no mode `bsf`'],
    [['--faults', 'crashs=1'], 'there is no fault `crashs`'],
    [['--faults', 'crashes: 1: 2'], '`crashes` needs a number or `any`'],
    [['--faults', 'crashes=x'], '`crashes` needs a number or `any`'],
    [['--on', 'p9'], 'there is no node `p9`'],
    [['--max-states', '0'], '--max-states must be a positive integer, not `0`'],
    [['--for', 'soon'], '--for must be a time above zero, such as 30s, not `soon`'],
    [['--reach', 'p1.('], '--reach:1:'],
    [['--leads-to', 'p1.up'], '--leads-to must be a condition and a time'],
  ])('2: %s', async (options, message) => {
    const found = await shell().run('explore', ...options, 'paxos.scenario.yaml');
    expect(found.code).toBe(2);
    expect(found.error).toContain(message);
  });
});

test.each(['crashes=1,drops=2', 'crashes: 1, drops: 2'])('faults as `%s`', async (faults) => {
  const found = await shell().run(
    'explore', '--untimed', '--faults', faults, '--max-states', '5', 'paxos.scenario.yaml',
  );
  expect(found.out).toContain('faults: crashes=1,drops=2');
});

test('a state that is searched for, and one that must be reached', async () => {
  const reached = await shell().run('explore', '--untimed', '--reach', 'a1.state.maxBal != null', 'paxos.scenario.yaml');
  expect(reached.code).toBe(1);
  expect(reached.out).toContain('reached: a1.state.maxBal != null (after 2 actions)');
  const missed = await shell().run('explore', '--untimed', '--leads-to', '!p1.up,1s', 'paxos.scenario.yaml');
  expect(missed.code).toBe(1);
  expect(missed.out).toContain('not reached within 1 s once faults stop');
});

test('a crash within the budget is a part of the run', async () => {
  const found = await shell().run(
    'explore', '--untimed', '--faults', 'crashes=1', '--on', 'a1', '--reach', '!a1.up',
    'paxos.scenario.yaml',
  );
  expect(found.code).toBe(1);
  expect(found.out).toContain('crash a1');
});

test.each([
  [['--untimed'], 'faults: crashes=1, only of a1, a2'],
  [['--untimed', '--mode', 'random', '--seeds', '1..2'], 'faults: crashes=1, only of a1, a2'],
])('%j: the verdict names the nodes that faults may strike', async (mode, text) => {
  const struck = ['explore', ...mode, '--faults', 'crashes=1', '--on', 'a1,a2', '--max-depth', '3'];
  const found = await shell().run(...struck, 'paxos.scenario.yaml');
  expect(found.out).toContain(`; ${text}\n`);
  const json = await shell().run(...struck, '--json', 'paxos.scenario.yaml');
  expect(JSON.parse(json.out)).toMatchObject({ faulty: ['a1', 'a2'] });
  const all = await shell().run(...struck.filter((one) => !['--on', 'a1,a2'].includes(one)), 'paxos.scenario.yaml');
  expect(all.out).toContain('; faults: crashes=1\n');
});

test.each(['--inside', '--within'])('%s leaves out states', async (option) => {
  const found = await shell().run('explore', '--untimed', option, 'false', 'paxos.scenario.yaml');
  expect(found).toMatchObject({ code: 0, error: '' });
  expect(found.out).toContain('1 state outside --inside was not explored further');
});

test.each([
  ['a.yaml', 'a.yaml'], ['./a b.yaml', "'./a b.yaml'"], ["it's $1", String.raw`'it'\''s $1'`],
  ['-x.yaml', './-x.yaml'], ['a;b', "'a;b'"],
])('a shell reads %s as one word', (word, quoted) => {
  expect(shellWord(word)).toBe(quoted);
});
