/** `--coverage`: events, promises and lines, of tests, searches and walks. */
import { describe, expect, test } from 'vitest';
import type { CoverageReport } from '../../src/check/coverage/report.ts';
import { pinging, pingShell, type Printed } from './shell.ts';

/** In the handler of Ping, which runs twice: one statement for the second, one that never runs. */
const ping = `
          if (node.state.count === 2) {
            node.state.twice = true;
          }
          if (node.state.count === 9) {
            node.event('Never', {});
          }`;
const invariants = `
    counted: { doc: 'Always.', check: () => undefined },
    applied: {
      doc: 'Once there was a ping.',
      when: ({ nodes }: any) => nodes.some((one: any) => one.state.count > 0),
      check: () => undefined,
    },
    idle: {
      doc: 'After nine pings.',
      when: ({ nodes }: any) => nodes.some((one: any) => one.state.count > 8),
      check: () => undefined,
    },`;

function shell(scenario = pinging) {
  const own = pingShell({ ping, invariants, init: '{ count: 0, twice: false }' }, scenario);
  const text = own.files['pinging.ts']!;
  own.files['pinging.ts'] = text.replace("'A ping arrived.'", "'A ping arrived.', Never: 'Nine.'");
  return own;
}

/** So that each walk of a search ends after so many runs, which takes less than its time. */
const fewRuns = ['--seeds', '1..30'];

const lineOf = (part: string) => {
  return shell().files['pinging.ts']!.split('\n').findIndex((line) => line.includes(part)) + 1;
};

function reportOf({ out }: Printed): CoverageReport {
  const last = out.trimEnd().split('\n').at(-1)!;
  return (JSON.parse(last) as { coverage: CoverageReport[] }).coverage[0]!;
}

const countAt = ({ files }: CoverageReport, part: string) => {
  const { statements } = files.find(({ file }) => file === 'pinging.ts')!;
  return statements.filter(({ line }) => line === lineOf(part)).map(({ count }) => count);
};

test('what was never put to the test is reported as such', async () => {
  const { out, code } = await shell().run('test', '--coverage', 'ping.scenario.yaml');
  expect(out).toContain('events: 1 of 2 occurred; never: Never\n');
  expect(out).toContain('promises: 2 of 3 put to the test\n    ! idle was never put to the test\n');
  expect(out).toMatch(new RegExp(`pinging.ts: \\d+ of \\d+ lines ran; never: .*${lineOf("'Never', {}")}`));
  expect(code).toBe(0);
});

test('`explore --json --coverage` prints one document, with the coverage in it', async () => {
  const args = ['explore', 'ping.scenario.yaml', '--coverage', '--json', ...fewRuns];
  const { out } = await shell().run(...args);
  expect(out.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(out)).toMatchObject({ type: 'holds', coverage: [{ events: [{ name: 'Pinged' }, {}] }] });
  const plain = await shell().run(...args.filter((one) => one !== '--coverage'));
  expect(JSON.parse(plain.out)).not.toHaveProperty('coverage');
});

test('lines are counted as often as they run', async () => {
  const report = reportOf(await shell().run('test', '--coverage', '--json', 'ping.scenario.yaml'));
  expect(countAt(report, 'node.state.count++')).toEqual([2]);
  expect(countAt(report, 'node.state.twice = true')).toEqual([1]);
  expect(countAt(report, "node.event('Never', {})")).toEqual([0]);
  expect(report.events).toEqual([{ name: 'Pinged', count: 2 }, { name: 'Never', count: 0 }]);
  const functions = report.files[0]!.functions.map(({ name, count }) => [name, count]);
  expect(functions).toContainEqual(['Ping', 2]);
});

test('several scenarios of one protocol have one report', async () => {
  const own = shell();
  own.files['two.scenario.yaml'] = pinging;
  const args = ['test', '--coverage', '--json', 'ping.scenario.yaml', 'two.scenario.yaml'];
  const report = reportOf(await own.run(...args));
  expect(countAt(report, 'node.state.count++')).toEqual([4]);
});

describe('the verdict is the same with coverage', () => {
  test.each([
    [fewRuns],
    [['--untimed', ...fewRuns]],
    [['--mode', 'bfs']],
    [['--mode', 'bfs', '--untimed']],
    [['--mode', 'dfs']],
    [['--mode', 'random', '--seeds', '1..5']],
  ])('%j', async (mode) => {
    const args = ['explore', 'ping.scenario.yaml', ...mode];
    const plain = await shell().run(...args);
    const covered = await shell().run(...args, '--coverage');
    // All actions are taken then, for another reason.
    const verdict = (out: string) => out.replace(/^ +no reduction: .*\n/m, '');
    expect(verdict(covered.out).startsWith(verdict(plain.out))).toBe(true);
    expect(covered.out).toContain('! idle was never put to the test');
    expect(covered.code).toBe(plain.code);
    const report = reportOf(await shell().run(...args, '--coverage', '--json'));
    expect(countAt(report, 'node.state.twice = true')[0]).toBeGreaterThan(0);
    expect(countAt(report, "node.event('Never', {})")).toEqual([0]);
  });
});

test('a search that needs no worlds visits them for coverage, and says so', async () => {
  const note = 'lockstep: with --coverage, each state is visited as a whole';
  const ofMode = async (...mode: string[]) => {
    return (await shell().run('explore', 'ping.scenario.yaml', '--coverage', ...mode)).error;
  };
  expect(await ofMode('--untimed', ...fewRuns)).toContain(note);
  expect(await ofMode('--untimed', '--mode', 'dfs')).toContain(note);
  expect(await ofMode(...fewRuns)).toBe('');
});

test('a search reaches what one run does not', async () => {
  const scenario = pinging.replace('  - wait 10ms\n', '  - a ask\n'.repeat(7) + '  - wait 10ms\n');
  const report = reportOf(await shell(scenario).run(
    'explore', 'ping.scenario.yaml', '--coverage', '--json', ...fewRuns,
  ));
  expect(report.promises.every(({ isTested }) => isTested)).toBe(true);
});

test('a built-in protocol runs from its source', async () => {
  const scenario = 'protocol: raft\nnodes: [n1, n2, n3]\nsteps:\n  - wait 1s\n';
  const report = reportOf(await shell(scenario).run('test', '--coverage', '--json', 'ping.scenario.yaml'));
  const raft = report.files.find(({ file }) => file === 'protocols/raft/raft.ts')!;
  expect(raft.statements.some(({ count }) => count > 0)).toBe(true);
  expect(report.events.find(({ name }) => name === 'LeaderElected')?.count).toBeGreaterThan(0);
});

test('--lcov writes the lines', async () => {
  const own = shell();
  await own.run('test', '--coverage', '--lcov', 'out.info', 'ping.scenario.yaml');
  const text = own.files['out.info']!;
  expect(text).toContain('SF:pinging.ts\n');
  expect(text).toContain(`DA:${lineOf('node.state.count++')},2\n`);
  expect(text).toContain(`DA:${lineOf("'Never', {}")},0\n`);
  expect(text).toMatch(/FNDA:2,Ping\n[^]*end_of_record\n$/);
});

test.each([
  [['test', '--lcov', 'x', 'ping.scenario.yaml'], '--lcov needs --coverage'],
  [['explore', 'ping.scenario.yaml', '--coverage', '--mode', 'random', '--workers', '2'],
    'choose one of --coverage and --workers'],
  [['explore', 'ping.scenario.yaml', '--coverage', '--queue', 'redis://a'],
    'choose one of --coverage and --queue'],
])('%j is refused', async (args, why) => {
  const { code, error } = await shell().run(...args);
  expect(error).toContain(why);
  expect(code).toBe(2);
});
