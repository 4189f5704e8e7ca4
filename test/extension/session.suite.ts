// A whole debug session through VS Code's own API, with the adapter in its own process.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../host/eventually.mjs';
import { converse, sampleScenario } from './conversation.ts';

describe('a debug session', () => {
  it('stops at the start, steps, and steps back to where it was', async () => {
    const program = (await sampleScenario()).fsPath;
    const conversation = await converse({ program, stopOnEntry: true, breakOn: [] });
    try {
      const entry = await conversation.nextStop();
      const before = await conversation.frames(entry.threadId);
      const forward = await conversation.step('next', entry.threadId);
      assert.equal(forward.reason, 'step');
      assert.notDeepEqual(await conversation.frames(forward.threadId), before);
      const back = await conversation.step('stepBack', entry.threadId);
      const places = (await conversation.frames(back.threadId)).map(({ name, line }) => ({ name, line }));
      assert.deepEqual(
        places,
        before.map(({ name, line }) => ({ name, line })),
      );
    } finally {
      await conversation.end();
    }
  });

  it('stops at a protocol event, in the handler that reports it', async () => {
    const program = (await sampleScenario()).fsPath;
    const conversation = await converse({ program, stopOnEntry: false, breakOn: ['TermChanged'] });
    try {
      const stop = await conversation.nextStop();
      assert.equal(stop.reason, 'exception');
      const [top, ...callers] = await conversation.frames(stop.threadId);
      assert.match(top!.source?.name ?? top!.source?.path ?? '', /raft/);
      assert.ok(callers.length > 0, 'the event has no cause');
    } finally {
      await conversation.end();
    }
  });

  it('opens both panels beside the editor, and leaves the focus in the editor', async () => {
    const uri = await sampleScenario();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.window.showTextDocument(uri);
    const conversation = await converse({ program: uri.fsPath, stopOnEntry: true });
    try {
      await conversation.nextStop();
      await eventually(
        () => (['Cluster', 'Sequence'].every((label) => tabLabels().includes(label)) ? true : undefined),
        'both panels',
      );
      assert.equal(vscode.window.tabGroups.all.length, 3);
    } finally {
      await conversation.end();
    }
  });

  it('is refused for a file that is not a scenario', async () => {
    const folder = vscode.workspace.workspaceFolders![0]!;
    const program = vscode.Uri.joinPath(folder.uri, 'README.md').fsPath;
    const configuration = { type: 'lockstep', request: 'launch', name: 'wrong', program };
    assert.equal(await vscode.debug.startDebugging(folder, configuration), false);
  });
});

function tabLabels(): string[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
}
