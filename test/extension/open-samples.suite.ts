// `Lockstep: Open Samples…` copies the samples that ship with the extension, and overwrites nothing.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { OpenSamples } from '../../src/extension/authoring/open-samples.ts';
import { commands } from '../../src/extension/names.ts';
import { noProblems } from './conversation.ts';

describe('samples of the extension', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-samples-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const openSamples = (given: OpenSamples) =>
    vscode.commands.executeCommand<vscode.Uri | undefined>(commands.openSamples, {
      folder: vscode.Uri.file(folder),
      ...given,
    });

  it('are copied with their lesson, which is shown', async () => {
    const opened = await openSamples({ samples: ['raft', 'race-conditions'] });
    assert.equal(opened?.fsPath, join(folder, 'raft', 'README.md'));
    assert.ok(existsSync(join(folder, 'raft', '.vscode', 'launch.json')));
    assert.ok(existsSync(join(folder, 'race-conditions', 'README.md')));
  });

  it('are opened at a scenario, which has no problems', async () => {
    const file = 'first-election.scenario.yaml';
    const opened = await openSamples({ samples: ['raft'], file });
    assert.equal(opened?.fsPath, join(folder, 'raft', file));
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, opened.fsPath);
    await noProblems(opened);
  });

  it('with a protocol have the declarations beside it, and run', async () => {
    const file = 'lost-mail.scenario.yaml';
    const opened = await openSamples({ samples: ['gossip'], file });
    assert.ok(existsSync(join(folder, 'gossip', 'lockstep.d.ts')));
    assert.ok(opened);
    await noProblems(opened);
  });

  it('are not copied over files with another content', async () => {
    const own = join(folder, 'raft', 'README.md');
    writeFileSync(own, 'mine\n');
    assert.equal(await openSamples({ samples: ['paxos', 'raft'] }), undefined);
    assert.equal(readFileSync(own, 'utf8'), 'mine\n');
    assert.ok(!existsSync(join(folder, 'paxos')));
  });

  it('are copied with those that their lessons link to, which a user may have changed', async () => {
    const own = join(folder, 'raft', 'README.md');
    await openSamples({ samples: ['spanner'] });
    assert.equal(readFileSync(own, 'utf8'), 'mine\n');
    await openSamples({ samples: ['multi-paxos'] });
    assert.ok(existsSync(join(folder, 'paxos', 'README.md')));
  });

  it('must exist', async () => {
    assert.equal(await openSamples({ samples: ['rafft'] }), undefined);
  });
});
