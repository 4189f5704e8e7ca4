// `Lockstep: Compare Scenarios…` shows the table of `lockstep compare` as a document, in a process or inline.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { CompareReport } from '../../src/cli/compare/compare-report.ts';
import { InlineComparer } from '../../src/extension/comparing/inline-comparer.ts';
import { ProcessComparer } from '../../src/extension/comparing/process-comparer.ts';
import { commands } from '../../src/extension/names.ts';
import { eventually } from '../host/eventually.mjs';
import { sampleScenario } from './conversation.ts';

describe('comparing scenarios', () => {
  const names = ['first-election', 'split-vote'];
  let folder: vscode.Uri;
  before(async () => (folder = vscode.Uri.joinPath(await sampleScenario(), '..')));
  after(() => closeAll());

  const files = () => names.map((name) => vscode.Uri.joinPath(folder, `${name}.scenario.yaml`));
  const textOf = (uri: vscode.Uri) =>
    vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString())!.getText();

  it('shows a table of the scenarios that are selected in the Explorer, and its preview', async () => {
    const [first] = files();
    const uri = await vscode.commands.executeCommand<vscode.Uri>(commands.compareScenarios, first, files());
    assert.equal(uri.scheme, 'untitled');
    const text = textOf(uri);
    assert.match(text, /^# Comparison of scenarios\n\n\| scenario \|/);
    // The links of a new document lead from the folder of the workspace.
    const from = vscode.workspace.workspaceFolders![0]!.uri;
    const links = [...text.matchAll(/^\| \[(.+?)\]\((.+?)\)/gm)];
    assert.deepEqual(links.map(([, name]) => name), names);
    assert.deepEqual(links.map(([, , link]) => vscode.Uri.joinPath(from, link!).toString()), files().map(String));
    await eventually(() => {
      const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
      const isPreview = (input: unknown) => input instanceof vscode.TabInputWebview && /markdown/.test(input.viewType);
      return inputs.some(isPreview) || undefined;
    }, 'the preview');
  });

  it('compares all scenarios of a folder', async () => {
    const uri = await vscode.commands.executeCommand<vscode.Uri>(commands.compareScenarios, folder);
    const inside = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, '*.scenario.yaml'));
    assert.ok(inside.length > names.length);
    assert.equal(textOf(uri).match(/^\| \[/gm)?.length, inside.length);
  });

  it('shows nothing for a folder without scenarios', async () => {
    const none = vscode.Uri.joinPath(folder, '.vscode');
    assert.equal(await vscode.commands.executeCommand(commands.compareScenarios, none), undefined);
  });

  it('is the same in a process and in the extension host, and is ended in both', async () => {
    const extension = vscode.extensions.getExtension('lockstep.lockstep')!;
    const cli = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'cli.js').fsPath;
    const compared = { folder, files: names.map((name) => `${name}.scenario.yaml`) };
    const never = new vscode.CancellationTokenSource();
    const all: CompareReport[][] = [];
    for (const comparer of [new ProcessComparer(cli), new InlineComparer()]) {
      const reports: CompareReport[] = [];
      await comparer.compare(compared, (one) => reports.push(one), never.token);
      all.push(reports);
      const ended = new vscode.CancellationTokenSource();
      const seen: CompareReport[] = [];
      const ending = comparer.compare(compared, (one) => seen.push(one), ended.token);
      ended.cancel();
      await ending;
      assert.ok(seen.every(({ type }) => type !== 'compared'));
    }
    assert.deepEqual(all[0]!.map(({ type }) => type), ['running', 'running', 'compared']);
    assert.deepEqual(all[1], all[0]);
  });
});

/** A new document would otherwise ask whether to save it. */
async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    if (!document.isUntitled) continue;
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
