// A thread of a search that reports nothing is ended, and what is said of it is what is known.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findHere } from '../../src/cli/find/here.ts';
import { findInThread } from '../../src/cli/find/start-thread.ts';
import type { FindReport } from '../../src/dap/find/finder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lockstep-'));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const job = {
  program: 'a.scenario.yaml', text: '', settings: {}, actions: [],
  task: { type: 'find', request: {} },
} as const;
const hint = 'if the machine was busy, search again; if not, look for a loop that does not end';

/** A thread that reports this, and then nothing, as slow code does and endless code. */
async function endOf(reports: readonly FindReport[], ms: number) {
  const bundle = path.join(folder, 'silent.js');
  const posts = reports.map((one) => `parentPort.postMessage(${JSON.stringify(one)});`).join('\n');
  writeFileSync(bundle, `
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', () => undefined);
    ${posts}
  `);
  const received: FindReport[] = [];
  let search: ReturnType<ReturnType<typeof findInThread>> | undefined;
  await new Promise<void>((resolve) => {
    search = findInThread(bundle)(job, (report) => {
      received.push(report);
      if (received.length === reports.length) resolve();
    });
    if (reports.length === 0) resolve();
  });
  vi.advanceTimersByTime(ms - 1);
  expect(received).toEqual(reports);
  vi.advanceTimersByTime(1);
  await search!.done;
  return received.at(-1);
}

const progress = { type: 'progress', phase: 'searching', count: 7, depth: 2, rate: 1 } as const;
const unknown = { outcome: 'unknown', brokenBefore: [], cut: [] };

test('it may be slow', async () => {
  expect(await endOf([progress], 15_000)).toEqual({
    type: 'found',
    result: {
      ...unknown,
      lines: ['? unknown: ended after 7 states or runs', `nothing was reported for 15 s: ${hint}`],
    },
  });
});

test('it may not have begun', async () => {
  expect(await endOf([], 60_000)).toEqual({
    type: 'found',
    result: {
      ...unknown,
      lines: ['? unknown: ended after 0 states or runs', `it did not begin within 60 s: ${hint}`],
    },
  });
});

test('a finding stays, and says why it is not shorter', async () => {
  const result = { ...unknown, outcome: 'violated', lines: ['✗ violated: a'] } as const;
  expect(await endOf([{ type: 'best', result }], 15_000)).toEqual({
    type: 'found',
    result: {
      ...result,
      lines: ['✗ violated: a', `not shrunk further: nothing was reported for 15 s: ${hint}`],
    },
  });
});

/** A thread that checks conditions, and never answers *endless*; `answer` is its first one. */
function checking() {
  const bundle = path.join(folder, 'checking.js');
  writeFileSync(bundle, `
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', (condition) => {
      if (condition !== 'endless') parentPort.postMessage({ type: 'checked', problem: condition });
    });
  `);
  const received: FindReport[] = [];
  let answered: () => void = () => undefined;
  const answer = new Promise<void>((resolve) => (answered = resolve));
  const search = findInThread(bundle)({ ...job, task: { type: 'check' } }, (report) => {
    received.push(report);
    answered();
  });
  return { search, received, answer };
}

test('a thread that checks conditions waits for them as long as it takes, and not for an answer', async () => {
  const { search, received, answer } = checking();
  vi.advanceTimersByTime(600_000);
  search.check!('a.up');
  await answer;
  vi.advanceTimersByTime(600_000);
  expect(received).toEqual([{ type: 'checked', problem: 'a.up' }]);
  search.check!('endless');
  vi.advanceTimersByTime(60_000);
  await search.done;
  expect(received.at(-1)).toMatchObject({ type: 'found', result: { outcome: 'unknown' } });
});

test('the answer to one of two conditions does not end the wait for the other', async () => {
  const { search, received, answer } = checking();
  search.check!('a.up');
  vi.advanceTimersByTime(40_000);
  search.check!('endless');
  await answer;
  // It has its own time, and not what the first one left.
  vi.advanceTimersByTime(59_999);
  expect(received).toEqual([{ type: 'checked', problem: 'a.up' }]);
  vi.advanceTimersByTime(1);
  await search.done;
  expect(received.at(-1)).toMatchObject({ type: 'found', result: { outcome: 'unknown' } });
});

test('the bundle checks one condition after the other in a thread, and in this one', async () => {
  const text = 'protocol: raft\nnodes: [n1, n2, n3]\nsteps:\n  - wait 1s\n';
  const checking = { ...job, text, task: { type: 'check' } } as const;
  for (const finder of [findInThread(fileURLToPath(new URL('../../dist/cli.js', import.meta.url))), findHere]) {
    const problems: (string | undefined)[] = [];
    let answered: () => void = () => undefined;
    const search = finder(checking, (report) => {
      if (report.type === 'checked') problems.push(report.problem);
      if (problems.length === 3) answered();
    });
    await new Promise<void>((resolve) => {
      answered = resolve;
      for (const one of ['n1.up', 'n1.', 'n9.up']) search.check!(one);
    });
    expect(problems[0]).toBeUndefined();
    expect(problems[1]).toMatch(/^Column \d+: /);
    expect(problems[2]).toContain('n9');
    search.end();
    await search.done;
  }
});
