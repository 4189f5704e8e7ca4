// `Lockstep: New Protocol…` creates files that work at once, and overwrites nothing.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../src/extension/names.ts';
import { converse, noProblems, problemMatching, problemsOf, rewrite } from './conversation.ts';

describe('a new protocol', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-new-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const create = (name: string) =>
    vscode.commands.executeCommand<vscode.Uri | undefined>(commands.newProtocol, {
      name,
      folder: vscode.Uri.file(folder),
    });
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  /** Through VS Code, which may still hold a document of the file and would not notice at once. */
  const write = async (file: string, content: string) => {
    const document = await vscode.workspace.openTextDocument(join(folder, file));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), content);
    await vscode.workspace.applyEdit(edit);
    await document.save();
  };

  it('consists of a protocol, two scenarios, types, tsconfig and launch.json; the protocol is opened', async () => {
    const created = await create('ours');
    assert.equal(created?.fsPath, join(folder, 'ours.ts'));
    assert.deepEqual(readdirSync(folder).sort(), [
      '.vscode', 'lockstep.d.ts', 'ours.broken.scenario.yaml', 'ours.scenario.yaml', 'ours.ts',
      'tsconfig.json',
    ]);
    assert.match(read('ours.ts'), /name: 'ours'/);
    assert.match(read('lockstep.d.ts'), /export declare function defineProtocol/);
    assert.deepEqual(
      JSON.parse(read('.vscode/launch.json')).configurations.map(({ name }: { name: string }) => name),
      ['The open scenario', 'ours', 'ours (broken)'],
    );
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, created.fsPath);
  });

  it('can be debugged: its scenario stops at the source line that reported the event', async () => {
    const conversation = await converse({ program: join(folder, 'ours.scenario.yaml') });
    try {
      const stop = await conversation.nextStop();
      const [top] = await conversation.frames(stop.threadId);
      // A path, or a URI of the same file if the extension host is remote.
      assert.ok(top?.source?.path?.endsWith(`${basename(folder)}/ours.ts`), top?.source?.path);
      assert.match(read('ours.ts').split('\n')[top!.line - 1]!, /node\.event\('WorkBegun'/);
    } finally {
      await conversation.end();
    }
  });

  it('starts its own scenario when F5 is pressed in the protocol', async () => {
    await vscode.window.showTextDocument(vscode.Uri.file(join(folder, 'ours.ts')));
    const conversation = await converse({ program: '${file}' });
    try {
      await conversation.nextStop();
      assert.match(conversation.session.configuration.program, /ours\.scenario\.yaml$/);
    } finally {
      await conversation.end();
    }
  });

  it('has a broken twin that stops at its invariant', async () => {
    const program = join(folder, 'ours.broken.scenario.yaml');
    const conversation = await converse({ program, stopOnEntry: false, breakOn: [] });
    try {
      const stop = await conversation.nextStop();
      const { description } = await conversation.session.customRequest('exceptionInfo', stop);
      // Its expectation and the invariant are violated in the same step.
      assert.match(description, /A and B each believe that they have the lease|A\.state\.holds && B\.state\.holds/);
    } finally {
      await conversation.end();
    }
  });

  it('shows problems while it is typed, on its own line and where the scenario names it', async () => {
    const scenario = vscode.Uri.file(join(folder, 'ours.scenario.yaml'));
    const protocol = vscode.Uri.file(join(folder, 'ours.ts'));
    await vscode.window.showTextDocument(scenario);
    const editor = await vscode.window.showTextDocument(protocol);
    const content = editor.document.getText();
    const line = editor.document.lineCount - 1;
    const append = (added: string) =>
      editor.edit((edit) => edit.insert(new vscode.Position(line, 0), added));
    try {
      await append('let kept = 0;');
      await problemMatching(scenario, /ours\.ts:\d+:\d+: .*`let`/);
      const [own] = problemsOf(protocol);
      assert.equal(own?.range.start.line, line);
      await rewrite(editor, content);
      await noProblems(scenario);
      assert.deepEqual(problemsOf(protocol), []);
      // Code that never ends is stopped, and the extension host keeps working.
      await append('for (;;) {}');
      await problemMatching(scenario, /the code does not end|the code did not load/);
    } finally {
      await rewrite(editor, content);
      await editor.document.save();
    }
  });

  it('defines the operations of its scenario: an unknown one is a problem', async () => {
    const scenario = vscode.Uri.file(join(folder, 'ours.scenario.yaml'));
    const editor = await vscode.window.showTextDocument(scenario);
    const content = editor.document.getText();
    try {
      await rewrite(editor, content.replace('acquire', 'aquire'));
      await problemMatching(scenario, /aquire/);
    } finally {
      await rewrite(editor, content);
      await editor.document.save();
    }
  });

  it('is reloaded when it is saved while a session is paused', async () => {
    const protocol = vscode.Uri.file(join(folder, 'ours.ts'));
    const editor = await vscode.window.showTextDocument(protocol);
    const content = editor.document.getText();
    const conversation = await converse({ program: join(folder, 'ours.scenario.yaml') });
    try {
      const before = await conversation.nextStop();
      const topFrame = async (stop: { threadId: number }) => (await conversation.frames(stop.threadId))[0]!;
      const { name, line } = await topFrame(before);
      const stop = conversation.nextStop();
      await rewrite(editor, content.replace('\n\n', `\n${'// One more line.\n'.repeat(20)}\n`));
      await editor.document.save();
      const after = await topFrame(await stop);
      // The same step; its handler is further down in the file now.
      assert.equal(after.name, name);
      assert.ok(after.line >= line + 20, `${after.line} is not 20 lines below ${line}`);
    } finally {
      await conversation.end();
      await rewrite(editor, content);
      await editor.document.save();
    }
  });

  it('overwrites nothing', async () => {
    const own = read('ours.ts');
    writeFileSync(join(folder, 'ours.ts'), `${own}// mine\n`);
    assert.equal(await create('ours'), undefined);
    assert.equal(read('ours.ts'), `${own}// mine\n`);
  });

  it('can be created beside another, whose tsconfig and launch configurations are kept', async () => {
    writeFileSync(join(folder, 'tsconfig.json'), '{ "include": [] }');
    await write('.vscode/launch.json', read('.vscode/launch.json').replace('[', '[ // mine'));
    assert.ok(await create('theirs'));
    assert.equal(read('tsconfig.json'), '{ "include": [] }');
    assert.match(read('.vscode/launch.json'), /\[ \/\/ mine\n/);
    const { configurations } = JSON.parse(read('.vscode/launch.json').replace('// mine', ''));
    assert.equal(configurations.length, 5);
  });

  it('leaves a launch.json with a syntax error untouched', async () => {
    const broken = read('.vscode/launch.json').replace('"configurations": [', '"configurations" [');
    await write('.vscode/launch.json', broken);
    assert.ok(await create('third'));
    assert.equal(read('.vscode/launch.json'), broken);
  });

  it('is refused if the name cannot be a file name', async () => {
    assert.equal(await create('../theirs'), undefined);
  });
});
