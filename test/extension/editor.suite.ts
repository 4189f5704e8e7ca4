// What the editor shows for a scenario while it is read and written: CodeLens and problems.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../src/extension/names.ts';
import { eventually } from '../host/eventually.mjs';
import { checkOf, noProblems, problemMatching, problemsOf, rewrite, sampleScenario } from './conversation.ts';

describe('a scenario in the editor', () => {
  it('has Debug, Run and the search above its first line', async () => {
    const uri = await sampleScenario();
    await vscode.window.showTextDocument(uri);
    const lenses = await eventually(async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
      return found.length > 0 ? found : undefined;
    }, 'the CodeLens');
    assert.deepEqual(
      lenses.map((lens) => lens.command?.command),
      [commands.debugScenario, commands.runScenario, commands.findSchedule],
    );
    assert.equal(lenses[0]!.range.start.line, 0);
  });

  it('has no problems if it is correct', async () => {
    await withCopy(async (editor, content) => {
      const { uri } = editor.document;
      const checked = checkOf(uri);
      await rewrite(editor, `${content}# One more line.\n`);
      await checked;
      assert.deepEqual(problemsOf(uri), []);
    });
  });

  it('shows a problem while it is typed, and removes it once it is fixed', async () => {
    await withCopy(async (editor, content) => {
      const { uri } = editor.document;
      await rewrite(editor, content.replace(/^protocol: .*$/m, 'protocol: rafft'));
      const problem = await problemMatching(uri, /rafft/);
      const line = editor.document.lineAt(problem.range.start.line).text;
      assert.match(line, /rafft/, `the problem is at "${line}"`);
      await rewrite(editor, content);
      await noProblems(uri);
    });
  });
});

/** Opens a copy of the sample outside the workspace, and removes it afterwards. */
async function withCopy(act: (editor: vscode.TextEditor, content: string) => Promise<void>): Promise<void> {
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(await sampleScenario()));
  const uri = vscode.Uri.file(join(tmpdir(), `lockstep-typing-${process.pid}.scenario.yaml`));
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
  try {
    await act(await vscode.window.showTextDocument(uri), content);
  } finally {
    // The next debug session would save an editor with unsaved changes.
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.workspace.fs.delete(uri);
  }
}
