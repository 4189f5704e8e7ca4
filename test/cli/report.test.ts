/** What leads a report: the first cause, what follows from it in short, and one line for the rest. */
import { expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';

async function lines(command: readonly string[], scenario: string): Promise<string[]> {
  let out = '';
  const write = async (text: string) => void (out += text);
  await lockstep([...command, 'a.scenario.yaml'], {
    read: () => scenario, version: () => '', out: write, error: write,
  });
  return out.trimEnd().split('\n');
}

const cluster = 'protocol: raft\nseed: 1\nnodes: { n1..n3: replica, app: client }\n';

test('steps that fail after another one have a short line below it', async () => {
  const steps =
    'steps:\n  - wait until LeaderElected\n  - crash n1 n2 n3\n' +
    '  - wait until EntryCommitted within 1s\n  - app put x 1 within 1s\n  - pause n2\n';
  const report = await lines(['run', '-q'], cluster + steps);
  expect(report[0]).toBe('✗ a.scenario.yaml:7: wait until EntryCommitted within 1s');
  expect(report[1]).toMatch(/^ {4}EntryCommitted did not happen within 1s \(step/);
  expect(report[2]).toMatch(/^ {4}later line 8, `app put x 1 within 1s`: it was not answered/);
  expect(report[3]).toMatch(/^ {4}later line 9, `pause n2`: not possible: n2 is crashed/);
});

test('what was violated before a step failed stands above it', async () => {
  const steps =
    'steps:\n  - wait until LeaderElected\n  - wait until EntryCommitted at app within 1s\n' +
    'expect:\n  - no event LeaderElected\n';
  const report = await lines(['run', '-q'], cluster + steps);
  expect(report[0]).toContain('no event LeaderElected');
  expect(report[2]).toContain('wait until EntryCommitted at app within 1s');
});

test('invariants that were not tested share one line, and --json has each', async () => {
  const scenario =
    'protocol: zookeeper-lock\nseed: 1\nnodes: { zk1: server }\nsteps:\n  - wait 1s\n';
  const report = await lines(['run', '-q'], scenario);
  const notes = report.filter((line) => line.includes('not tested'));
  expect(notes).toHaveLength(1);
  const [, count, names] = /^! (\d+) of them were not tested, .*?: (.*)$/.exec(notes[0])!;
  expect(names.split('", "')).toHaveLength(Number(count));
  const json = await lines(['run', '--json', '-q'], scenario);
  const untested = json.filter((line) => line.includes('"times":0'));
  expect(untested).toHaveLength(Number(count));
});

test('an event stands before the messages that were lost with it', async () => {
  const steps = 'steps:\n  - partition n1 | n2 n3 app\n  - fire n1 election\n';
  const report = await lines(['run'], cluster + steps + 'until: 200ms\n');
  const line = report.find((one) => one.includes('fire n1 election'))!;
  expect(line.indexOf('TermChanged')).toBeGreaterThan(0);
  expect(line.indexOf('TermChanged')).toBeLessThan(line.indexOf('lost (partition)'));
});

test('a field that no event of the protocol has is found before a run, in each kind of line', async () => {
  const scenario =
    `${cluster}steps:\n  - wait until TermChanged where event.trm > 2\n` +
    '  - after LeaderElected where event.term > 0: crash n2\nexpect:\n' +
    '  - no event VoteGranted where event.candidatId == "n9"\n';
  expect(await lines(['check'], scenario)).toEqual([
    'a.scenario.yaml:5:40: TermChanged has no field `trm`',
    'a.scenario.yaml:8:38: VoteGranted has no field `candidatId` (did you mean `candidateId`?)',
  ]);
});
