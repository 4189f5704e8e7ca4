/** The command line: what it prints, and its exit codes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';
import { expectGolden } from '../golden.ts';

const samples = fileURLToPath(new URL('../../samples/raft/', import.meta.url));
const ownFiles: Record<string, string> = {
  'bad.scenario.yaml': 'protocol: rafft\nnodes: { n1: replica }\n',
  'misspelt.scenario.yaml':
    'protocol: raft\nnodes: [n1]\nsteps:\n  - crush n1\n  - fire n1 elektion\n',
  'tiny.scenario.yaml':
    'protocol: raft\nnodes: { n1..n3: replica, client: client }\nnetwork: { latency: 1ms }\nsteps:\n' +
    '  - fire n1 election\n  - client put x "a b" within 1s\n  - crash n1\n  - cut n2 -> n3\nuntil: 12ms\n',
};

interface Printed {
  code: number;
  out: string;
  error: string;
}

async function cli(...args: string[]): Promise<Printed> {
  const printed = { out: '', error: '' };
  const code = await lockstep(args, {
    read: (file) => ownFiles[file] ?? readFileSync(`${samples}${file}`, 'utf8'),
    version: () => '1.2.3',
    out: async (text) => void (printed.out += text),
    error: async (text) => void (printed.error += text),
  });
  return { code, ...printed };
}

const golden = (name: string, { code, out, error }: Printed) =>
  expectGolden(import.meta.url, name, `exit ${code}\n--- out\n${out}--- error\n${error}`);

test('run: one line for each step', async () => {
  golden('run', await cli('run', 'replicate-one-write.scenario.yaml'));
  golden('run-broken', await cli('run', '-q', 'minority-write.broken.scenario.yaml'));
  golden('run-tiny', await cli('run', 'tiny.scenario.yaml'));
});

test('run --json: one object for each step, for each verdict and for the end', async () => {
  const { code, out, error } = await cli('run', '--json', 'split-vote.scenario.yaml');
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(code).toBe(0);
  expect(error).toMatch(/✓ .*invariants of raft/);
  const steps = lines.filter(({ action }) => action !== undefined);
  const end = lines.pop();
  expect(end).toMatchObject({ end: 'holds', step: steps.length, time: expect.any(Number), seed: 3 });
  for (const line of lines.splice(steps.length)) {
    expect(line).toMatchObject({ verdict: 'holds', kind: expect.any(String) });
    expect(error).toContain(line.kind === 'invariant' ? 'invariants of raft' : line.subject);
  }
  lines.forEach((line, i) => {
    expect(line).toMatchObject({
      step: i + 1,
      time: expect.any(Number),
      action: expect.any(String),
    });
    expect(line).toHaveProperty('node');
  });
  const elected = lines
    .flatMap(({ events }) => events)
    .find(({ name }) => name === 'LeaderElected');
  expect(elected).toMatchObject({
    name: 'LeaderElected',
    node: expect.any(String),
    term: expect.any(Number),
  });
  golden('run-json', await cli('run', '--json', 'tiny.scenario.yaml'));
});

test('run --mermaid: only the diagram', async () => {
  golden('run-mermaid', await cli('run', '--mermaid', 'tiny.scenario.yaml'));
});

test('run --until: an event, a condition, a moment', async () => {
  const until = async (text: string) =>
    (await cli('run', '--until', text, 'leader-crash.scenario.yaml')).out;
  expect(await until('LeaderElected')).toMatch(/LeaderElected term 1.*\n[✓?]/);
  expect(await until('n2.state.currentTerm > 1')).toMatch(/TermChanged from 1 to 2.*\n[✓?]/);
  expect(await until('100ms')).toMatch(/^\d+ actions, 0\.\d+s of virtual time, seed 2$/m);
  const cut = await cli('run', '--until', '10ms', 'leader-crash.scenario.yaml');
  expect(cut.code).toBe(0);
  expect(cut.out).toMatch(/    the run has not ended$/m);
  expect(cut.out).toMatch(/^0 actions, 0\.010000s of virtual time, seed 2$/m);
  const missed = await cli('run', '-q', '--until', 'LogTruncated', 'first-election.scenario.yaml');
  expect(missed.code).toBe(1);
  expect(missed.out).toMatch(/✗ until: LogTruncated\n    the run ended before this happened/);
  const wrong = await cli('run', '--until', 'LeaderElect', 'first-election.scenario.yaml');
  expect(wrong).toMatchObject({
    code: 2,
    error: '--until:1:1: raft has no event `LeaderElect` (did you mean `LeaderElected`?)\n',
  });
});

test('run --seed: another seed, another schedule', async () => {
  const run = async (seed: string) =>
    (await cli('run', '--seed', seed, 'first-election.scenario.yaml')).out;
  expect(await run('3')).toBe(await run('3'));
  expect(await run('3')).not.toBe(await run('4'));
  expect((await cli('run', '--seed', 'x', 'first-election.scenario.yaml')).code).toBe(2);
  expect((await cli('run', '--seed', '-1', 'first-election.scenario.yaml')).code).toBe(2);
});

test('bad input is reported with its place, and exits with 2', async () => {
  golden(
    'bad-input',
    await cli('run', 'misspelt.scenario.yaml', 'nowhere.scenario.yaml', 'bad.scenario.yaml'),
  );
  golden('check', await cli('check', 'misspelt.scenario.yaml', 'first-election.scenario.yaml'));
  expect((await cli('check', 'first-election.scenario.yaml')).code).toBe(0);
  expect(await cli('rum')).toMatchObject({
    code: 2,
    error: expect.stringContaining('did you mean `run`?'),
  });
  expect(await cli('run', '--sead', '1', 'x')).toMatchObject({ code: 2 });
  expect((await cli('run')).code).toBe(2);
  expect((await cli('check')).code).toBe(2);
  expect((await cli('dap', '--port', 'x')).code).toBe(2);
});

test('one violated among several files exits with 1', async () => {
  const printed = await cli(
    'run',
    '-q',
    'minority-write.broken.scenario.yaml',
    'first-election.scenario.yaml',
  );
  expect(printed.code).toBe(1);
});

test('list, help, version', async () => {
  golden('list', await cli('list', 'raft'));
  golden('help', await cli('help'));
  const commands = [
    'run', 'explore', 'record', 'replay', 'check', 'export', 'list', 'eject', 'dap',
  ];
  for (const command of commands) {
    golden(`help-${command}`, await cli(command, '--help'));
  }
  golden('help-commands', await cli('help', 'commands'));
  const described = JSON.parse((await cli('list', 'raft', '--json')).out);
  expect(described[0]).toMatchObject({
    name: 'raft',
    roles: [{ name: 'replica', default: true }, { name: 'client' }],
  });
  expect(await cli('--version')).toEqual({ code: 0, out: 'lockstep 1.2.3\n', error: '' });
});
