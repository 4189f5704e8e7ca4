// The Runs view: its commands on a session with branches, and the files that they write.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { branchesRequest, commands, runsView } from '../../src/extension/names.ts';
import type { BranchesView } from '../../src/view/branches.ts';
import { type Conversation, converse, sampleScenario } from './conversation.ts';

describe('the Runs view', () => {
  let folder: string;
  let run: Conversation;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'lockstep-runs-'));
    const scenario = await sampleScenario();
    run = await converse({ program: scenario.fsPath, stopOnEntry: true });
    await run.nextStop();
    // A step may stop inside an action, so that there are more of them than actions.
    for (let left = 20; left > 0 && (await list()).branches[0]!.length < 5; left--) {
      await run.step('next', 1);
    }
    await at(() => run.session.customRequest('lockstep/panel', { type: 'goto', step: 2 }));
    await at(() => run.session.customRequest('evaluate', { expression: 'crash n1', context: 'repl' }));
    await run.step('next', 1);
  });
  after(async () => {
    await run.end();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What leads to a stop. */
  async function at(act: () => Thenable<unknown>): Promise<void> {
    const stop = run.nextStop();
    await act();
    await stop;
  }

  const list = async () => (await run.session.customRequest(branchesRequest)) as BranchesView;
  const execute = vscode.commands.executeCommand;

  it('is in the side bar of the debugger', async () => {
    await execute(`${runsView}.focus`);
    const { contributes } = vscode.extensions.getExtension('lockstep.lockstep')!.packageJSON;
    assert.ok(contributes.views.debug.some(({ id }: { id: string }) => id === runsView));
    assert.ok(contributes.viewsWelcome.some(({ view }: { view: string }) => view === runsView));
  });

  it('names a run, and goes to another one at the same step', async () => {
    await execute(commands.nameRun, 1, 'without n1');
    assert.equal((await list()).branches[1]!.name, 'without n1');
    const { step: here } = await list();
    await at(() => execute(commands.goToRun, 0));
    const { current, step } = await list();
    assert.deepEqual([current, step], [0, here]);
  });

  it('writes a run as a scenario, which opens, and as a trace', async () => {
    const scenario = vscode.Uri.file(path.join(folder, 'run.scenario.yaml'));
    const trace = vscode.Uri.file(path.join(folder, 'run.lockstep-trace'));
    await execute(commands.saveRunAsScenario, 1, scenario);
    assert.match(readFileSync(scenario.fsPath, 'utf8'), /: without n1"?\n[^]*- crash n1/);
    assert.equal(String(vscode.window.activeTextEditor?.document.uri), String(scenario));
    assert.equal(String(await execute(commands.saveRunAsTrace, 1, trace)), String(trace));
    const { version } = vscode.extensions.getExtension('lockstep.lockstep')!.packageJSON;
    const text = readFileSync(trace.fsPath, 'utf8');
    assert.ok(text.startsWith(`lockstep trace 1\nversion ${version}\n`));
    await execute('workbench.action.closeAllEditors');
  });

  it('deletes a run with the debugger on it, after going to where it parted', async () => {
    await at(() => execute(commands.goToRun, 1));
    await at(() => execute(commands.deleteRun, 1, true));
    const { branches, current, step } = await list();
    assert.deepEqual([branches.map(({ number }) => number), current, step], [[0], 0, 2]);
  });
});
