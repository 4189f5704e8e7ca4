// `Lockstep: Break N Acknowledgements…` writes a scenario that fails as it says, and overwrites nothing.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../src/extension/names.ts';
import { eventually } from '../host/eventually.mjs';
import { noProblems } from './conversation.ts';

describe('breaking two generals', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-generals-'));
  const scenario = join(folder, 'agreed.scenario.yaml');
  writeFileSync(scenario, 'protocol: two-generals\nnodes: { A: general, B: general }\nsteps: [wait 60s]\n');
  after(() => rmSync(folder, { recursive: true, force: true }));

  const breakThem = (acknowledgements: number) =>
    vscode.commands.executeCommand<vscode.Uri | undefined>(commands.breakGenerals, {
      scenario: vscode.Uri.file(scenario),
      acknowledgements,
    });

  it('writes a scenario beside the open one, and opens it', async () => {
    const written = await breakThem(7);
    assert.equal(written?.fsPath, join(folder, '7-acknowledgements.broken.scenario.yaml'));
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, written.fsPath);
    await noProblems(written);
  });

  it('overwrites no file with another content', async () => {
    const written = await breakThem(8);
    writeFileSync(written!.fsPath, '# mine\n');
    assert.equal(await breakThem(8), undefined);
    assert.equal(readFileSync(written!.fsPath, 'utf8'), '# mine\n');
  });

  it('is offered above a scenario of the two generals', async () => {
    const { uri } = await vscode.workspace.openTextDocument(scenario);
    await vscode.window.showTextDocument(uri);
    const lenses = await eventually(async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider', uri, 10,
      );
      return found.length > 0 ? found : undefined;
    }, 'the CodeLens');
    assert.ok(lenses.some(({ command }) => command?.command === commands.breakGenerals));
  });
});
