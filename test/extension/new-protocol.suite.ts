// `Lockstep: New Protocol…` makes what works at once, and overwrites nothing.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../src/extension/names.ts';
import { converse } from './conversation.ts';

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
      ['ours', 'ours (broken)'],
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

  it('has a broken twin that stops at its invariant', async () => {
    const program = join(folder, 'ours.broken.scenario.yaml');
    const conversation = await converse({ program, stopOnEntry: false, breakOn: [] });
    try {
      const stop = await conversation.nextStop();
      const { description } = await conversation.session.customRequest('exceptionInfo', stop);
      assert.match(description, /A and B all believe that the lease is theirs/);
    } finally {
      await conversation.end();
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
    assert.equal(configurations.length, 4);
  });

  it('refuses a name that cannot be that of a file', async () => {
    assert.equal(await make('../theirs'), undefined);
  });
});
