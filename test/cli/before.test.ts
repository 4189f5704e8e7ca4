/** `lockstep before`, and the logical clocks in the output of `lockstep run`. */
import { expect, test } from 'vitest';
import { expectGolden } from '../golden.ts';
import { Shell } from './shell.ts';

const scenario = [
  'protocol: raft',
  'nodes: { n1..n3: replica, client: client }',
  'network: { latency: 1ms }',
  'steps:',
  '  - fire n1 election',
  '  - client put x 1 within 1s',
  '  - cut n2 -> n3',
  'until: 30ms',
].join('\n');

const shell = new Shell({ 'tiny.scenario.yaml': scenario });

const questions = [
  ['n1:TermChanged', 'n2:TermChanged'],
  ['n2:EntryAppended', 'n1:ElectionTimedOut'],
  ['n2:TermChanged', 'n3:TermChanged'],
  ['n2:TermChanged', 'n2:VoteGranted'],
  ['n2:VoteGranted', 'n2:TermChanged'],
  ['n1:start', 'n1:LeaderElected'],
  ['n1:start', 'n2:start'],
  ['n1:EntryAppended#1', 'n3:EntryAppended'],
  ['1', '1'],
  ['1', 'n1:TermChanged'],
  ['n1', '2'],
  ['0', '2'],
  ['n9:TermChanged', '2'],
  ['n1:TermChange', '2'],
  ['n1:LogTruncated', '2'],
  ['n1:TermChanged#4', '2'],
  ['4000', '2'],
] as const;

test('before: the words for every order, and for what does not name an event', async () => {
  const lines: string[] = [];
  for (const [one, other] of questions) {
    const { code, out, error } = await shell.run('before', 'tiny.scenario.yaml', one, other);
    lines.push(`# before ${one} ${other}`, `exit ${code}`, `${out}${error}`);
  }
  expectGolden(import.meta.url, 'before', lines.join('\n'));
});

test('before: a step that is not an event of a node', async () => {
  const { out } = await shell.run('run', '--json', 'tiny.scenario.yaml');
  const steps = out.split('\n').filter((line) => line.startsWith('{"step"'));
  const cut = steps.map((line) => JSON.parse(line)).find(({ action }) => action === 'cut n2 -> n3');
  expect(cut).not.toHaveProperty('lamport');
  const { code, error } = await shell.run('before', 'tiny.scenario.yaml', String(cut.step), '2');
  expect(code).toBe(2);
  expect(error).toContain(`step ${cut.step} (cut n2 -> n3) is not an event of a node`);
});

test('before: two events and a file are needed, and a good scenario', async () => {
  expect((await shell.run('before', 'tiny.scenario.yaml', '1')).error).toMatch(/needs a file and two/);
  expect((await shell.run('before', 'absent.scenario.yaml', '1', '2')).code).toBe(2);
  const wrong = await shell.run('before', 'tiny.scenario.yaml', '1', '2', '--until', 'Nope');
  expect(wrong).toMatchObject({ code: 2, error: expect.stringMatching(/^--until:1:1: /) });
});

test('run --json: clocks of each event of a node, and what it sent', async () => {
  const { out } = await shell.run('run', '--json', 'tiny.scenario.yaml');
  const steps = out.split('\n').filter((line) => line.startsWith('{"step"'));
  const [first, second] = steps.map((line) => JSON.parse(line));
  expect(first).toMatchObject({ lamport: 2, vector: { n1: 2 } });
  expect(first.sends[0]).toMatchObject({
    id: 'n1->n2#1', from: 'n1', to: 'n2', arrivesAt: 1_000, message: { type: 'RequestVote' },
  });
  const received = steps.map((line) => JSON.parse(line)).find(({ node }) => node === 'n2');
  expect(received).toMatchObject({ lamport: 3, vector: { n1: 2, n2: 2 } });
  expect(second.vector).toEqual({ client: 2 });
});

test('run --clocks: the clocks follow each step, or the option is refused', async () => {
  const { out } = await shell.run('run', '--clocks', 'tiny.scenario.yaml');
  expect(out).toMatch(/fire n1 election .*\|  Lamport 2, vector {n1: 2}\n/);
  expect(out).toMatch(/deliver n1->n2#1 .*\|  Lamport 3, vector {n1: 2, n2: 2}\n/);
  for (const other of ['--json', '--mermaid', '--quiet']) {
    const { code, error } = await shell.run('run', '--clocks', other, 'tiny.scenario.yaml');
    expect(code).toBe(2);
    expect(error).toContain(other);
  }
});

test('--json prints the order, the events with their clocks, and the chain', async () => {
  const ask = async (...events: string[]) => {
    const { code, out } = await shell.run('before', 'tiny.scenario.yaml', ...events, '--json');
    expect([code, out.trimEnd().split('\n').length]).toEqual([0, 1]);
    return JSON.parse(out);
  };
  expect(await ask('n1:TermChanged', 'n2:TermChanged')).toMatchObject({
    order: 'before',
    events: [{ node: 'n1', event: 'TermChanged', lamport: 2 }, { node: 'n2', event: 'TermChanged' }],
    chain: [{ message: 'n1->n2#1', type: 'RequestVote', from: 'n1', to: 'n2' }],
    lines: [expect.stringContaining('before, through this chain'), ...Array(3).fill(expect.any(String))],
  });
  const apart = await ask('n2:TermChanged', 'n3:TermChanged');
  expect(apart.order).toBe('concurrent');
  expect(apart).not.toHaveProperty('chain');
  expect(await ask('1', 'n1:TermChanged')).toMatchObject({ order: 'same', events: [{ action: expect.any(String) }, {}] });
  expect(await ask('n2:TermChanged', 'n2:VoteGranted')).toMatchObject({ order: 'same', first: 0 });
  const { code, out, error } = await shell.run('before', 'tiny.scenario.yaml', 'n9:start', '1', '--json');
  expect([code, out]).toEqual([2, '']);
  expect(error).toContain('there is no node `n9`');
});
