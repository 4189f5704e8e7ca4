// The installed package activates in a workspace with scenarios, and provides what its manifest promises.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  commands,
  debugType,
  editorCommands,
  exportCommands,
  followCommands,
  openCommands,
  panelTypes,
  pinCommands,
  settings,
} from '../../src/extension/names.ts';
import { eventually } from '../host/eventually.mjs';

describe('activation', () => {
  const extension = vscode.extensions.getExtension('lockstep.lockstep');

  it('tests the installed package', function () {
    // A debug session of these suites loads the extension from its folder instead.
    if (!process.env['LOCKSTEP_TEST_INSTALLED']) this.skip();
    const { publisher, name, version } = extension!.packageJSON;
    assert.match(extension!.extensionUri.path, new RegExp(`/${publisher}\\.${name}-${version}$`));
  });

  it('happens as soon as a workspace contains a scenario', async () => {
    assert.ok(extension, 'VS Code does not know the extension');
    await eventually(() => extension.isActive || undefined, 'the activation');
  });

  it('registers every command of the manifest and no other', async () => {
    const promised = extension!.packageJSON.contributes.commands.map((each: { command: string }) => each.command);
    const known = [commands, openCommands, editorCommands, exportCommands, pinCommands, followCommands].flatMap((one) => Object.values(one));
    assert.deepEqual([...promised].sort(), known.sort());
    const registered = await vscode.commands.getCommands(true);
    for (const command of promised) assert.ok(registered.includes(command), `${command} is not registered`);
  });

  it('uses the names of the manifest', () => {
    const { activationEvents, contributes } = extension!.packageJSON;
    assert.equal(contributes.debuggers[0].type, debugType);
    assert.deepEqual(Object.keys(contributes.configuration.properties), Object.values(settings));
    for (const panelType of Object.values(panelTypes)) {
      assert.ok(activationEvents.includes(`onWebviewPanel:${panelType}`), `${panelType} is not restored`);
    }
  });
});
