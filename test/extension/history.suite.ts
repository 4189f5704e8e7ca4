// A history file opens in its editor with the verdict, follows the text, and goes back to the text.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ProcessChecker } from '../../src/extension/history/process-checker.ts';
import { commands, historyEditor } from '../../src/extension/names.ts';
import type { HistoryReport } from '../../src/view/history/history-view.ts';
import { eventually } from '../host/eventually.mjs';

const text = [
  '{:process 0, :type :invoke, :f :write, :value 1}',
  '{:process 0, :type :ok, :f :write, :value 1}',
  '{:process 1, :type :invoke, :f :read, :value nil}',
  '{:process 1, :type :ok, :f :read, :value 2}',
  '',
].join('\n');

describe('history files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-history-'));
  const file = vscode.Uri.file(join(folder, 'run.history.edn'));
  const plain = vscode.Uri.file(join(folder, 'run.edn'));
  before(() => {
    for (const { fsPath } of [file, plain]) writeFileSync(fsPath, text);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(folder, { recursive: true, force: true });
  });

  const active = () => vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const untilEditor = (uri: vscode.Uri) =>
    eventually(() => {
      const input = active();
      const isIt = input instanceof vscode.TabInputCustom && input.viewType === historyEditor;
      return (isIt && input.uri.toString() === uri.toString()) || undefined;
    }, `the editor of ${uri.path}`);

  it('open in their editor by themselves if they can be nothing else', async () => {
    await vscode.commands.executeCommand('vscode.open', file);
    await untilEditor(file);
  });

  it('go back to their text', async () => {
    await vscode.commands.executeCommand(commands.openHistoryAsText);
    await eventually(() => {
      const uri = vscode.window.activeTextEditor?.document.uri.toString();
      return uri === file.toString() || undefined;
    }, 'the text editor');
  });

  it('open as text by default if they may be something else, and as histories by a command', async () => {
    await vscode.commands.executeCommand('vscode.open', plain);
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), plain.toString());
    await vscode.commands.executeCommand(commands.openHistoryFile, plain);
    await untilEditor(plain);
  });

  it('are checked in a process of their own, which can be ended', async () => {
    const extension = vscode.extensions.getExtension('lockstep.lockstep')!;
    const cli = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'cli.js').fsPath;
    const checker = new ProcessChecker(cli);
    const reports: HistoryReport[] = [];
    const never = new vscode.CancellationTokenSource();
    const report = (one: HistoryReport) => reports.push(one);
    const sample = text.replace(':value 2', ':value "\u00e4"');
    await checker.check(sample, { steps: 1_000 }, report, never.token);
    assert.equal(reports[0]?.type, 'read');
    const verdicts = reports.flatMap((one) => (one.type === 'verdict' ? [one.verdict] : []));
    assert.equal(verdicts.length, 11);
    assert.equal(verdicts[0]?.type, 'violated');
    assert.match(verdicts[0]!.lines.join('\n'), /read → "ä"/);
    const ended = new vscode.CancellationTokenSource();
    const checking = checker.check(sample, { steps: 1_000 }, () => assert.fail(), ended.token);
    ended.cancel();
    await checking;
    assert.equal(readFileSync(plain.fsPath, 'utf8'), text);
  });
});
