/** A search that is cancelled while it makes its finding shorter: the finding stays. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findHere } from '../../src/cli/find/here.ts';
import { findInThread } from '../../src/cli/find/start-thread.ts';
import type { FindJob, FindReport, FindStatus, SavedText } from '../../src/dap/find/finder.ts';
import type { FindResponse } from '../../src/dap/requests/find.ts';
import { repository } from './client.ts';
import { Host } from './inline-host.ts';

const program = `${repository}samples/find-the-bug/release.scenario.yaml`;
const note = 'not shrunk further: the search was cancelled';

/** Calls `act` in the first event of a search that says this phase. */
function at(host: Host, phase: FindStatus['phase'], act: () => void): void {
  let isDone = false;
  host.listen((message) => {
    const { event, body } = message as { event?: string; body?: FindStatus };
    if (isDone || event !== 'lockstep/findProgress' || body?.phase !== phase) return;
    isDone = true;
    act();
  });
}

async function searching() {
  const host = new Host({ find: findHere });
  await host.launch({ program, stopOnEntry: true });
  return host;
}

test.each(['lockstep/cancelFind', 'cancel'])(
  '%s while a finding is being shrunk keeps what was found, to be opened and saved', async (by) => {
    const host = await searching();
    at(host, 'shrinking', () => {
      // The fourth request of this client.
      void host.send(by, by === 'cancel' ? { requestId: 4 } : {});
    });
    const found = (await host.ask('lockstep/find', { mode: 'random' })) as FindResponse;
    expect(found).toMatchObject({ outcome: 'violated', finding: { number: 1 } });
    expect(found.lines).toContain(note);
    const saved = (await host.ask('lockstep/savedFinding', { finding: 1 })) as SavedText;
    expect(saved).toMatchObject({ name: expect.stringContaining('release') });
    const stops = host.messages.filter((one) => 'event' in one && one.event === 'stopped').length;
    await host.ask('lockstep/openFinding', { finding: 1 });
    const { body } = await host.event('stopped', stops + 1);
    expect((body as { description: string }).description).toContain('Paused one action before');
    await host.ask('disconnect');
  },
);

test('a search that was not cancelled says nothing of it, and one without a finding is lost', async () => {
  const host = await searching();
  const found = (await host.ask('lockstep/find', { mode: 'random' })) as FindResponse;
  expect(found.lines).not.toContain(note);
  at(host, 'searching', () => void host.send('lockstep/cancelFind'));
  const endless = { mode: 'bfs', reach: 'false', time: 'untimed', faults: 'drops=9,duplicates=9' };
  expect(await host.send('lockstep/find', endless)).toMatchObject({
    success: false, message: 'cancelled',
  });
  await host.ask('disconnect');
});

const result = { outcome: 'violated', lines: ['✗ violated: it'], brokenBefore: [], cut: [] } as const;
const job: FindJob = {
  program, text: '', settings: {}, actions: [], task: { type: 'find', request: {} },
};

/** A thread that reports a finding which it makes shorter, and then does this. */
function inThread(then: string) {
  const bundle = path.join(mkdtempSync(path.join(tmpdir(), 'lockstep-cancel-')), 'thread.cjs');
  writeFileSync(bundle, `
    const { parentPort, workerData: { enough } } = require('node:worker_threads');
    const result = ${JSON.stringify(result)};
    parentPort.postMessage({ type: 'best', result });
    ${then}
  `);
  const reports: FindReport[] = [];
  let arrive: () => void = () => undefined;
  const best = new Promise<void>((resolve) => (arrive = resolve));
  const search = findInThread(bundle)(job, (report) => {
    reports.push(report);
    if (report.type === 'best') arrive();
  });
  return { search, best, reports };
}

test('another thread learns that it is enough, although it receives no messages', async () => {
  const { search, best, reports } = inThread(`
    while (Atomics.load(enough, 0) === 0) Atomics.wait(enough, 0, 0, 5);
    parentPort.postMessage({ type: 'found', result: { ...result, lines: ['as it is'] } });
  `);
  await best;
  expect(search.cancel()).toBe(true);
  await search.done;
  expect(reports.at(-1)).toMatchObject({ type: 'found', result: { lines: ['as it is'] } });
});

test('a thread that does not end when cancelled is ended when cancelled again', async () => {
  const { search, best, reports } = inThread('for (;;);');
  await best;
  expect([search.cancel(), search.cancel()]).toEqual([true, false]);
  await search.done;
  expect(reports).toHaveLength(1);
});

test('before there is a finding, the first cancel ends the search', async () => {
  const { search } = inThread('for (;;);');
  expect(search.cancel()).toBe(false);
  await search.done;
});

test('if the memory of the thread ends, what it found stays', async () => {
  const { search, best, reports } = inThread(`
    while (Atomics.load(enough, 0) === 0) Atomics.wait(enough, 0, 0, 5);
    throw Object.assign(new Error('as Node says it'), { code: 'ERR_WORKER_OUT_OF_MEMORY' });
  `);
  await best;
  search.cancel();
  await search.done;
  expect(reports.at(-1)).toEqual({
    type: 'found',
    result: {
      ...result,
      lines: [...result.lines, expect.stringContaining('not shrunk further: no more memory')],
    },
  });
});
