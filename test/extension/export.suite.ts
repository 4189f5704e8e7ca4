// Exporting in the editor: a scenario from its start, a session with its actions, and pictures.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import * as vscode from 'vscode';
import { saveFiles } from '../../src/extension/exporting/save-files.ts';
import { commands, exportRequest, panelRequest, viewEvent } from '../../src/extension/names.ts';
import type { ViewEvent } from '../../src/view/contract.ts';
import type { RecordedRun } from '../../src/view/export/recorded-run.ts';
import { ReplayedRun } from '../../src/view/export/replayed-run.ts';
import { eventually } from '../host/eventually.mjs';
import { converse, sampleScenario } from './conversation.ts';

describe('exporting', () => {
  let folder: string;
  let scenario: vscode.Uri;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'lockstep-export-'));
    scenario = await sampleScenario();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const place = (name: string) => vscode.Uri.file(path.join(folder, name));
  const textOf = async (uri: vscode.Uri) =>
    new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));

  it('writes a scenario, run from its start, as one page that has everything', async () => {
    const target = place('run.html');
    const written = await vscode.commands.executeCommand<vscode.Uri>(commands.exportRun, scenario, target);
    assert.equal(String(written), String(target));
    const page = await textOf(target);
    assert.doesNotMatch(page, /(src|href)="https?:/);
    const run = dataOf(page);
    assert.equal(run.about.scenario, 'first-election.scenario.yaml');
    assert.equal(run.about.first, 0);
    assert.ok(run.about.ending);
    assert.ok(replayed(run).isSame);
  });

  it('records a session with the actions that were taken in it', async () => {
    const run = await converse({ program: scenario.fsPath, stopOnEntry: true });
    await run.nextStop();
    const stop = run.nextStop();
    await run.session.customRequest('evaluate', { expression: 'crash n2', context: 'repl' });
    await stop;
    const recorded = (await run.session.customRequest(exportRequest)) as RecordedRun;
    await run.end();
    assert.deepEqual(recorded.choices.map(({ action }) => action.type), ['crash']);
    assert.equal(recorded.about.ending, undefined);
    const again = replayed(recorded);
    assert.ok(again.isSame);
    again.goTo(recorded.about.last);
    const { nodes } = again.views(['cluster']).cluster!;
    assert.equal(nodes.find(({ id }) => id === 'n2')!.status, 'crashed');
  });

  it('saves a picture, and the files that it refers to beside it', async () => {
    const files = [
      { name: 'cluster.md', content: { type: 'text', text: '![](cluster.svg)' } },
      { name: 'cluster.svg', content: { type: 'text', text: '<svg/>' } },
      { name: 'cluster.png', content: { type: 'base64', bytes: btoa('\x89PNG') } },
    ] as const;
    const written = await saveFiles(files, place('picture.md'));
    assert.equal(String(written), String(place('picture.md')));
    assert.equal(await textOf(place('picture.md')), '![](cluster.svg)');
    assert.equal(await textOf(place('cluster.svg')), '<svg/>');
    const bytes = await vscode.workspace.fs.readFile(place('cluster.png'));
    assert.equal(bytes[0], 0x89);
    assert.equal(await saveFiles([]), undefined);
  });

  it('reports a place that cannot be written, and returns nothing', async () => {
    const file = { name: 'a.svg', content: { type: 'text', text: '' } } as const;
    const inFile = vscode.Uri.joinPath(scenario, 'a.svg');
    assert.equal(await saveFiles([file], inFile), undefined);
  });
});

describe('comparing with a twin', () => {
  it('shows the run of another scenario below that of the session in Space-Time', async () => {
    const [other] = await vscode.workspace.findFiles('**/split-vote.scenario.yaml');
    const scenario = await sampleScenario();
    const run = await converse({ program: scenario.fsPath, stopOnEntry: true });
    await run.nextStop();
    const titles: string[][] = [];
    const listening = vscode.debug.onDidReceiveDebugSessionCustomEvent(({ event, body }) => {
      if (event !== viewEvent) return;
      const view = body as ViewEvent;
      const lanes = view.type === 'stopped' ? view.views.spacetime?.lanes : undefined;
      if (lanes) titles.push(lanes.map(({ title }) => title));
    });
    const chosen = await vscode.commands.executeCommand<vscode.Uri>(commands.compareWithTwin, other);
    assert.equal(String(chosen), String(other));
    await eventually(() => titles.at(-1)?.length === 2 || undefined, 'two lanes');
    assert.equal(titles.at(-1)![1], 'split-vote.scenario.yaml');
    listening.dispose();
    await run.session.customRequest(panelRequest, { type: 'hidden', panel: 'spacetime' });
    await run.end();
  });

  it('says that a session is needed, and compares nothing without one', async () => {
    await eventually(() => vscode.debug.activeDebugSession === undefined || undefined, 'no session');
    assert.equal(await vscode.commands.executeCommand(commands.compareWithTwin), undefined);
  });
});

function dataOf(page: string): RecordedRun {
  const data = /id="run">([^<]*)</.exec(page)![1]!;
  return JSON.parse(inflateRawSync(Buffer.from(data, 'base64')).toString('utf8')) as RecordedRun;
}

function replayed(run: RecordedRun): ReplayedRun {
  const made = new ReplayedRun(run);
  assert.ok(made.advance(run.about.last + 1));
  return made;
}
