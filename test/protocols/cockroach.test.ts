/** CockroachDB's stories: golden texts, the facts of parallel commits, conflicts, clocks, leases. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { verdictReason } from '../../src/check/verdict-words.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { expectGolden } from '../golden.ts';
import { outputOf } from './shell.ts';

const samples = new URL('../../samples/cockroach/', import.meta.url);

test.each(['two-ranges', 'coordinator-dies-early'])('the run of %s', async (name) => {
  const text = readFileSync(new URL(`${name}.scenario.yaml`, samples), 'utf8');
  const output = await outputOf(text);
  // What the clocks say to each other every second is not part of the story.
  const lines = output.split('\n').filter((line) => !line.includes('Clock'));
  expectGolden(import.meta.url, `cockroach-${name}`, lines.join('\n'));
});

interface Story {
  options?: string;
  steps: readonly string[];
  expect?: readonly string[];
}

/** The reasons of all violated verdicts, with each of three seeds. */
function violated({ options = '', steps, expect: expectations = [] }: Story): string[] {
  const list = (lines: readonly string[]) => lines.map((line) => `  - ${line}\n`).join('');
  const begin = ['fire n1 election[r1]', 'fire n2 election[r2]', 'wait 100ms'];
  const expected = expectations.length > 0 ? `expect:\n${list(expectations)}` : '';
  const found: string[] = [];
  for (let seed = 1; seed <= 3; seed++) {
    const nodes = `{ n1..n3: { splits: [m]${options} } }`;
    const text = `protocol: cockroach\nnodes: ${nodes}\nseed: ${seed}\nsteps:\n${list([...begin, ...steps])}${expected}`;
    const { scenario, problems } = parseScenario(text, 'story', library);
    expect(problems).toEqual([]);
    for (const one of simulate(scenario!).verdicts) {
      if (one.type === 'violated') found.push(verdictReason(one)!);
    }
  }
  return found;
}

test.each([
  ['[m, m]', '`splits` has `m` twice: each item must be different, and none empty'],
  ["[m, '']", '`splits` has an empty string: each item must be different, and none empty'],
])('splits: %s is refused with the reason', (splits, message) => {
  const text = `protocol: cockroach\nnodes: { n1..n3: { splits: ${splits} } }\nseed: 1\nsteps:\n  - wait 1s\n`;
  const { problems } = parseScenario(text, 'story', library);
  expect(problems.map((one) => one.message)).toEqual([expect.stringContaining(message)]);
});

const holds = (story: Story) => expect(violated(story)).toEqual([]);

describe('a parallel commit', () => {
  test('leaves with the last write, and is confirmed before the record says COMMITTED', () =>
    holds({
      steps: ['n3 transfer a x 1 answers OK', 'wait 1s'],
      expect: [
        'event TransactionStaged at n1',
        'event CommitAcknowledged at n3 where event.implicit && n1.state.replicas.r1.records[event.transaction].status == "STAGING"',
        'event TransactionCommitted at n1',
      ],
    }));

  test('is not needed in one range: one command commits', () =>
    holds({
      steps: ['n3 transfer a b 1 answers OK'],
      expect: ['no event TransactionStaged', 'event TransactionCommitted at n1'],
    }));

  test('takes two round trips without the option', () =>
    holds({
      options: ', parallelCommits: false',
      steps: ['n3 transfer a x 1 answers OK'],
      expect: ['no event TransactionStaged', 'event TransactionCommitted at n1'],
    }));

  test('whose last write lands above the staged timestamp is staged again there', () =>
    holds({
      steps: [
        'start n3 transfer a x 1', 'wait until ValueRead at n3 where event.key == "x"',
        // A later read of x moves the write up; the reads of the transfer are still the same.
        'delay n3->n2 Put by 50ms', 'n2 get x answers null', 'wait until n3 answered',
      ],
      expect: ['event WriteMovedUp at n2 where event.key == "x"', 'event ReadsRefreshed at n3'],
    }));
});

describe('conflicts', () => {
  test('a higher priority does not wait: a read moves the writer up, which refreshes nothing', () =>
    holds({
      steps: [
        'n3 begin T priority=low', 'n3 write T x 1', 'wait 100ms',
        'n1 get x answers null', 'n3 commit T answers COMMITTED', 'n1 get x answers 1',
      ],
      expect: ['event TransactionPushed where event.status == "PENDING"'],
    }));

  test('a higher priority aborts a writer in its way', () =>
    holds({
      steps: [
        'n3 begin T priority=low', 'n3 write T x 1', 'wait 100ms',
        'n1 put x 2 answers OK', 'n3 commit T fails', 'n1 get x answers 2',
      ],
      expect: ['event TransactionPushed where event.status == "ABORTED"'],
    }));

  test('an abandoned transaction is aborted once its heartbeats have stopped for five seconds', () =>
    holds({
      steps: ['n3 begin T', 'n3 write T x 1', 'wait 100ms', 'crash n3', 'n1 get x answers null'],
      expect: [
        'event TransactionPushed where event.status == "ABORTED" && time > 5.0 && time < 6.5',
        'end: n2.state.replicas.r2.intents.size() == 0',
      ],
    }));

  test('write skew does not happen: the second transaction must be restarted', () =>
    holds({
      steps: [
        'n1 put a 1', 'n1 put x 1', 'n1 begin T', 'n3 begin U',
        'n1 read T a', 'n1 read T x', 'n3 read U a', 'n3 read U x',
        'n1 write T a 0', 'n1 commit T', 'n3 write U x 0', 'n3 commit U fails',
      ],
    }));

  test('a transaction sees its own writes, and others see them after the commit', () =>
    holds({
      steps: [
        'n1 begin T', 'n1 write T x 1', 'n1 read T x answers 1', 'n1 write T x 2',
        'n1 read T x answers 2', 'n1 rollback T', 'n3 get x answers null',
        'n1 begin T', 'n1 write T x 3', 'n1 commit T', 'n3 get x answers 3',
      ],
    }));
});

describe('leases and clocks', () => {
  test('a leaseholder that restarts does not use its earlier lease', () =>
    holds({
      steps: ['n3 put x 1', 'crash n2', 'restart n2', 'n3 get x answers 1'],
      expect: ['event LeaseAcquired where event.range == "r2" && event.sequence == 2 && time > 6.0'],
    }));

  test('a request from a clock too far ahead is refused, and moves no clock', () =>
    holds({
      options: ', clockCheck: false, statementTimeout: 3s',
      steps: ['clock n3 offset +1s', 'n3 put a 1 fails'],
      expect: [
        'event ClockRefused at n1 where event.from == "n3"',
        'end: n1.state.clock.wall - n1.state.physical < 500000',
      ],
    }));

  test('a node whose clock is within 80 % of the maximum offset goes on', () =>
    holds({
      steps: ['clock n3 offset +390ms', 'wait 5s', 'n3 put a 1 answers OK'],
      expect: ['no event NodeEnded'],
    }));

  test('with the check for jumps a node ends itself at half the maximum offset', () =>
    holds({
      options: ', jumpCheck: true',
      steps: ['wait 1500ms', 'clock n3 jump +260ms', 'clock n2 jump -260ms', 'wait 2s'],
      expect: ['event NodeEnded at n3', 'no event NodeEnded at n1'],
    }));

  test('a node that has ended itself runs again after a restart, with its clock set right', () =>
    holds({
      steps: [
        'clock n3 offset +1s', 'wait until NodeEnded at n3', 'n3 get a fails',
        'clock n3 offset 0s', 'crash n3', 'restart n3', 'wait 3s', 'n3 put a 1 answers OK',
      ],
    }));
});

describe('a split', () => {
  test('moves values, intents and records, and a transaction that is open goes on', () =>
    holds({
      steps: [
        'n3 put e 1', 'n3 begin T', 'n3 write T e 2', 'n3 write T a 3', 'wait 50ms',
        'n1 split c answers OK', 'n3 commit T answers COMMITTED', 'n1 get e answers 2',
      ],
      expect: ['event RangeSplit at n1 where event.right == "r1.1"'],
    }));

  test('is refused where a range begins, and can be repeated in the right range', () =>
    holds({
      steps: ['n1 split m fails', 'n1 split t answers OK', 'n3 split w answers OK', 'n3 put z 1 answers OK'],
      expect: ['end: n1.state.replicas.size() == 4'],
    }));
});
