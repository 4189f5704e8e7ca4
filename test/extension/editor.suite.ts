// What a scenario shows while it is only being read and written: CodeLens and problems.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../src/extension/names.ts';
import { eventually, sampleScenario } from './conversation.ts';

describe('a scenario in the editor', () => {
  it('offers Debug and Run above its first line', async () => {
    const uri = await sampleScenario();
    await vscode.window.showTextDocument(uri);
    const lenses = await eventually(async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
      return found.length > 0 ? found : undefined;
    }, 'the CodeLens');
    assert.deepEqual(
      lenses.map((lens) => lens.command?.command),
      [commands.debugScenario, commands.runScenario],
    );
    assert.equal(lenses[0]!.range.start.line, 0);
  });

  it('has no problems when it is correct', async () => {
    const uri = await sampleScenario();
    await vscode.window.showTextDocument(uri);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(problemsOf(uri), []);
  });

  it('shows a problem while it is being typed, and takes it back when it is mended', async () => {
    const sample = await sampleScenario();
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(sample));
    const uri = vscode.Uri.file(join(tmpdir(), `lockstep-typing-${process.pid}.scenario.yaml`));
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    try {
      const editor = await vscode.window.showTextDocument(uri);
      await rewrite(editor, text.replace(/^protocol: .*$/m, 'protocol: rafft'));
      const problem = await eventually(
        () => problemsOf(uri).find(({ message }) => message.includes('rafft')),
        'the problem',
      );
      const line = editor.document.lineAt(problem.range.start.line).text;
      assert.match(line, /rafft/, `the problem stands at "${line}"`);
      await rewrite(editor, text);
      await eventually(() => (problemsOf(uri).length === 0 ? true : undefined), 'its end');
    } finally {
      // Left dirty, the editor would be saved by the next debug session.
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      await vscode.workspace.fs.delete(uri);
    }
  });
});

function problemsOf(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'lockstep');
}

async function rewrite(editor: vscode.TextEditor, text: string): Promise<void> {
  const all = new vscode.Range(0, 0, editor.document.lineCount, 0);
  await editor.edit((edit) => edit.replace(all, text));
}
