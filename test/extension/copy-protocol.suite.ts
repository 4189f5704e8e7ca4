// `Lockstep: Copy Protocol into Workspace…` writes files that run at once, and overwrites nothing.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../src/extension/names.ts';
import { converse, noProblems } from './conversation.ts';

describe('a copied protocol', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-copy-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const copy = (protocol: string) =>
    vscode.commands.executeCommand<vscode.Uri | undefined>(commands.copyProtocol, {
      protocol,
      folder: vscode.Uri.file(folder),
    });

  it('consists of its source, what that imports, and a scenario, which is opened', async () => {
    const scenario = await copy('raft');
    assert.equal(scenario?.fsPath, join(folder, 'raft.scenario.yaml'));
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, scenario.fsPath);
    assert.ok(readdirSync(folder).includes('lockstep.d.ts'));
    assert.match(readFileSync(scenario.fsPath, 'utf8'), /^protocol: \.\/\S*raft\.ts$/m);
    await noProblems(scenario);
  });

  it('can be debugged, and stops in the copied source', async () => {
    const program = join(folder, 'raft.scenario.yaml');
    const conversation = await converse({ program, breakOn: ['TermChanged'] });
    try {
      const stop = await conversation.nextStop();
      const [top] = await conversation.frames(stop.threadId);
      assert.match(top?.source?.path ?? '', /lockstep-copy-.*raft\.ts$/);
    } finally {
      await conversation.end();
    }
  });

  it('is not copied over files with another content', async () => {
    const scenario = join(folder, 'raft.scenario.yaml');
    const own = `${readFileSync(scenario, 'utf8')}# mine\n`;
    writeFileSync(scenario, own);
    assert.equal(await copy('raft'), undefined);
    assert.equal(readFileSync(scenario, 'utf8'), own);
  });

  it('must be a built-in one', async () => {
    assert.equal(await copy('rafft'), undefined);
  });
});
