// A thread of a search that reports nothing is ended, and what is said of it is what is known.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
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
