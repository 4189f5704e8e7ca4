// `Lockstep: New Protocol…` makes what works at once, and overwrites nothing.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../src/extension/names.ts';
import { converse, eventually } from './conversation.ts';

describe('a new protocol', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-new-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const make = (name: string) =>
    vscode.commands.executeCommand<vscode.Uri | undefined>(commands.newProtocol, {
      name,
      folder: vscode.Uri.file(folder),
    });
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');

  it('is a protocol, two scenarios, the types, their tsconfig and a launch.json, and is opened', async () => {
    const made = await make('ours');
    assert.equal(made?.fsPath, join(folder, 'ours.ts'));
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
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, made.fsPath);
  });

  it('can be debugged: its scenario stops at the line of its own source that reported the event', async () => {
    const conversation = await converse({ program: join(folder, 'ours.scenario.yaml') });
    try {
      const stop = await conversation.nextStop();
      const [top] = await conversation.frames(stop.threadId);
      // A path, or the address of the same file where the host is a remote one.
      assert.ok(top?.source?.path?.endsWith(`${basename(folder)}/ours.ts`), top?.source?.path);
      assert.match(read('ours.ts').split('\n')[top!.line - 1]!, /node\.event\('WorkBegun'/);
    } finally {
      await conversation.end();
    }
  });

  it('is debugged by F5 from its own file: its scenario is meant', async () => {
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
      // Its expectation and the invariant break in the same step.
      assert.match(description, /lease is theirs|A\.state\.holds && B\.state\.holds/);
    } finally {
      await conversation.end();
    }
  });

  it('has problems while it is typed, at its own line and where the scenario names it', async () => {
    const scenario = vscode.Uri.file(join(folder, 'ours.scenario.yaml'));
    const protocol = vscode.Uri.file(join(folder, 'ours.ts'));
    await vscode.window.showTextDocument(scenario);
    const editor = await vscode.window.showTextDocument(protocol);
    const text = editor.document.getText();
    const line = editor.document.lineCount - 1;
    const typed = async (added: string, words: RegExp) => {
      await editor.edit((edit) => edit.insert(new vscode.Position(line, 0), added));
      await problem(scenario, words);
    };
    try {
      await typed('let kept = 0;', /ours\.ts:\d+:\d+: a module keeps no `let`/);
      const [own] = problemsOf(protocol);
      assert.equal(own?.range.start.line, line);
      await rewrite(editor, text);
      await eventually(() => problemsOf(scenario).length === 0 || undefined, 'the end of it');
      assert.deepEqual(problemsOf(protocol), []);
      // What never returns is given up, and the extension host goes on.
      await typed('for (;;) {}', /the code does not end|the code did not load/);
    } finally {
      await rewrite(editor, text);
      await editor.document.save();
    }
  });

  it('is known to its scenario: an operation that it does not have is a problem', async () => {
    const scenario = vscode.Uri.file(join(folder, 'ours.scenario.yaml'));
    const editor = await vscode.window.showTextDocument(scenario);
    const text = editor.document.getText();
    try {
      await rewrite(editor, text.replace('acquire', 'aquire'));
      await problem(scenario, /aquire/);
    } finally {
      await rewrite(editor, text);
      await editor.document.save();
    }
  });

  it('is loaded anew when it is saved while a session stands still', async () => {
    const protocol = vscode.Uri.file(join(folder, 'ours.ts'));
    const editor = await vscode.window.showTextDocument(protocol);
    const text = editor.document.getText();
    const conversation = await converse({ program: join(folder, 'ours.scenario.yaml') });
    try {
      const before = await conversation.nextStop();
      const place = async (stop: { threadId: number }) => (await conversation.frames(stop.threadId))[0]!;
      const { name, line } = await place(before);
      const stop = conversation.nextStop();
      await rewrite(editor, text.replace('\n\n', `\n${'// One more line.\n'.repeat(20)}\n`));
      await editor.document.save();
      const after = await place(await stop);
      // The same moment; its handler stands further down now.
      assert.equal(after.name, name);
      assert.ok(after.line >= line + 20, `${after.line} is not 20 lines below ${line}`);
    } finally {
      await conversation.end();
      await rewrite(editor, text);
      await editor.document.save();
    }
  });

  it('overwrites nothing', async () => {
    const own = read('ours.ts');
    writeFileSync(join(folder, 'ours.ts'), `${own}// mine\n`);
    assert.equal(await make('ours'), undefined);
    assert.equal(read('ours.ts'), `${own}// mine\n`);
  });

  it('goes beside another, whose tsconfig and launch configurations stay', async () => {
    writeFileSync(join(folder, 'tsconfig.json'), '{ "include": [] }');
    const launch = join(folder, '.vscode/launch.json');
    writeFileSync(launch, read('.vscode/launch.json').replace('[', '[ // mine'));
    assert.ok(await make('theirs'));
    assert.equal(read('tsconfig.json'), '{ "include": [] }');
    assert.match(read('.vscode/launch.json'), /\[ \/\/ mine\n/);
    const { configurations } = JSON.parse(read('.vscode/launch.json').replace('// mine', ''));
    assert.equal(configurations.length, 5);
  });

  it('refuses a name that cannot be that of a file', async () => {
    assert.equal(await make('../theirs'), undefined);
  });
});

function problemsOf(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'lockstep');
}

/** Waits until a file has a problem in such words. */
async function problem(uri: vscode.Uri, words: RegExp): Promise<void> {
  const there = () => problemsOf(uri).map(({ message }) => message);
  try {
    await eventually(() => there().some((message) => words.test(message)) || undefined, 'it');
  } catch {
    assert.fail(`no problem says ${words}; there is: ${there().join('; ')}`);
  }
}

async function rewrite(editor: vscode.TextEditor, text: string): Promise<void> {
  const all = new vscode.Range(0, 0, editor.document.lineCount, 0);
  await editor.edit((edit) => edit.replace(all, text));
}
