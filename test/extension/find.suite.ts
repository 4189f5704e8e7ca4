// `Lockstep: Find a Schedule That Breaks It…`, from a scenario and from the paused moment.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { findInThread } from '../../src/cli/find/start-thread.ts';
import type { FindStatus } from '../../src/dap/find/finder.ts';
import { runAgain } from '../../src/extension/finding/saved-findings.ts';
import { ScenarioSource } from '../../src/extension/finding/scenario-source.ts';
import { SessionSource } from '../../src/extension/finding/session-source.ts';
import { type FindSettings, requestOf } from '../../src/extension/finding/settings.ts';
import type { Searched } from '../../src/extension/finding/source.ts';
import { commands } from '../../src/extension/names.ts';
import { ProcessRunner } from '../../src/extension/testing/process-runner.ts';
import { eventually } from '../host/eventually.mjs';
import { converse, sampleScenario } from './conversation.ts';

const untimed: FindSettings = { mode: 'bfs', time: 'untimed', faults: '', limits: { seconds: 120 } };

describe('finding a schedule', () => {
  let folder: string;
  let scenario: vscode.Uri;
  let cli: string;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'lockstep-find-'));
    const samples = path.join((await sampleScenario()).fsPath, '../../find-the-bug');
    for (const name of ['quorum.ts', 'quorum.scenario.yaml']) {
      writeFileSync(path.join(folder, name), readFileSync(path.join(samples, name)));
    }
    scenario = vscode.Uri.file(path.join(folder, 'quorum.scenario.yaml'));
    const { extensionUri } = vscode.extensions.getExtension('lockstep.lockstep')!;
    cli = vscode.Uri.joinPath(extensionUri, 'dist', 'cli.js').fsPath;
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(folder, { recursive: true, force: true });
  });

  const find = (command: string, ...given: unknown[]) =>
    vscode.commands.executeCommand<Searched | undefined>(command, ...given);
  const clusterOf = async (session: vscode.DebugSession) => {
    const { threads } = await session.customRequest('threads');
    return (threads as { name: string }[])[0]!.name;
  };

  it('from a scenario, a finding begins a session one action before the break', async () => {
    const started = new Promise<vscode.DebugSession>((resolve) => {
      const listening = vscode.debug.onDidStartDebugSession((session) => {
        listening.dispose();
        resolve(session);
      });
    });
    const found = await find(commands.findSchedule, scenario, untimed);
    assert.match(found!.lines[0]!, /^✗ violated: One Leader: c1 and c2 were both elected/);
    const session = await started;
    await eventually(async () => {
      const name = await clusterOf(session).catch(() => '');
      return (/^Cluster · branch \d+$/).test(name) || undefined;
    }, 'the branch of the finding');
    const uri = await vscode.commands.executeCommand<vscode.Uri>(commands.saveFinding);
    assert.equal(path.basename(uri.fsPath), 'quorum-one-leader.scenario.yaml');
    await vscode.debug.stopDebugging(session);
    await eventually(() => vscode.debug.activeDebugSession === undefined || undefined, 'the end');
  });

  it('a saved finding runs again after a fix, and the result is told', async () => {
    const runner = new ProcessRunner(cli);
    const finding = vscode.Uri.file(path.join(folder, 'quorum-one-leader.scenario.yaml'));
    const { token } = new vscode.CancellationTokenSource();
    const name = vscode.workspace.asRelativePath(finding);
    const nothing = { holding: [], broken: [], impossible: [], gone: [], invalid: [] };
    assert.deepEqual(await runAgain(runner, [finding], token), { ...nothing, broken: [name] });
    const file = path.join(folder, 'quorum.ts');
    const source = readFileSync(file, 'utf8');
    const fixed = source.replace('votes >= node', 'votes > node');
    assert.notEqual(fixed, source);
    writeFileSync(file, fixed);
    assert.deepEqual(await runAgain(runner, [finding], token), { ...nothing, holding: [name] });
    writeFileSync(file, source);
  });

  it('from the paused moment, a finding opens as a branch of the session', async () => {
    const run = await converse({ program: scenario.fsPath, stopOnEntry: true });
    try {
      const { threadId } = await run.nextStop();
      await run.step('next', threadId);
      const stop = run.nextStop();
      const found = await find(commands.findScheduleHere, undefined, untimed);
      assert.equal(found!.outcome, 'violated');
      await stop;
      // Branches that are kept from sessions before have numbers, too.
      assert.match(await clusterOf(run.session), /^Cluster · branch \d+$/);
      assert.equal((await run.step('next', threadId)).reason, 'exception');
      const left = run.nextStop();
      await vscode.commands.executeCommand(commands.leaveBranch);
      await left;
      assert.equal(await clusterOf(run.session), 'Cluster');
    } finally {
      await run.end();
    }
  });

  it('a search that is cancelled ends, and the session goes on', async () => {
    const run = await converse({ program: scenario.fsPath, stopOnEntry: true });
    try {
      const { threadId } = await run.nextStop();
      const source = new SessionSource(run.session);
      const cancelling = new vscode.CancellationTokenSource();
      const reported: FindStatus[] = [];
      const report = (status: FindStatus) => {
        reported.push(status);
        cancelling.cancel();
      };
      const request = requestOf({ ...untimed, faults: 'crashes=3,drops=5' });
      assert.equal(await source.search(request, report, cancelling.token), undefined);
      assert.ok(reported.length > 0);
      assert.equal((await run.step('next', threadId)).reason, 'step');
    } finally {
      await run.end();
    }
  });

  it('without a session, a search in a thread is cancelled, or ends unknown at its limit', async () => {
    const source = new ScenarioSource(scenario, findInThread(cli));
    const { targets, readsClock } = await source.about();
    assert.deepEqual(targets.map(({ text }) => text), ['event Elected at c1', 'One Leader']);
    assert.equal(readsClock, undefined);
    const about = await source.about();
    assert.match((await about.conditionProblem('c1.stat'))!, /has no field/);
    assert.equal(await about.conditionProblem('c1.up'), undefined);
    const cancelling = new vscode.CancellationTokenSource();
    const many = requestOf({ ...untimed, faults: 'crashes=3,drops=5' });
    const cancel = () => cancelling.cancel();
    assert.equal(await source.search(many, cancel, cancelling.token), undefined);
    const { token } = new vscode.CancellationTokenSource();
    const few = requestOf({ ...untimed, limits: { states: 50 } });
    const unknown = await source.search(few, () => undefined, token);
    assert.equal(unknown!.outcome, 'unknown');
    assert.match(unknown!.lines[0]!, /^\? unknown: stopped at the limit of states after/);
  });

  it('without a session and a scenario it says what to do, and searches nothing', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal(await find(commands.findScheduleHere), undefined);
    assert.equal(await find(commands.findSchedule), undefined);
  });
});
