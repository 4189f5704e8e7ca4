// The commands of the palette, the run button and the CodeLens.
import * as vscode from 'vscode';
import { type BreakGenerals, breakGenerals } from './authoring/break-generals.ts';
import { type CopyProtocol, copyProtocol } from './authoring/copy-protocol.ts';
import { type NewProtocol, newProtocol } from './authoring/new-protocol.ts';
import { type OpenSamples, openSamples } from './authoring/open-samples.ts';
import { compareWithTwin } from './comparing/compare-with-twin.ts';
import { configurationFor } from './launch/configuration.ts';
import {
  commands, editorCommands, exportCommands, followCommands, openCommands, pinCommands,
} from './names.ts';
import type { Panels } from './panels/panels.ts';
import { pictureFormats } from '../view/export/formats.ts';
import { panelNames } from '../view/panels.ts';
import { errors } from './words.ts';

export function registerCommands(
  panels: Panels,
  { extensionUri }: vscode.ExtensionContext,
): vscode.Disposable {
  const register = vscode.commands.registerCommand;
  return vscode.Disposable.from(
    register(commands.debugScenario, (uri?: vscode.Uri) => start(uri, false)),
    register(commands.runScenario, (uri?: vscode.Uri) => start(uri, true)),
    register(commands.newProtocol, (given?: NewProtocol) => newProtocol(extensionUri, given)),
    register(commands.copyProtocol, (given?: CopyProtocol) => copyProtocol(extensionUri, given)),
    register(commands.openSamples, (given?: OpenSamples) => openSamples(extensionUri, given)),
    register(commands.breakGenerals, (given?: BreakGenerals) => breakGenerals(given)),
    register(commands.compareWithTwin, (given?: vscode.Uri) => compareWithTwin(panels, given)),
    register(commands.pinOrFollow, () => panels.pinOrFollow()),
    register(commands.present, () => panels.present()),
    register(commands.play, () => panels.playing.playOrPause()),
    register(commands.pausePlaying, () => panels.playing.playOrPause()),
    register(commands.playingSpeed, () => panels.playing.chooseSpeed()),
    ...pictureFormats.map((format) =>
      register(exportCommands[format], () => panels.exportPicture(format)),
    ),
    ...panelNames.flatMap((name) => [
      register(openCommands[name], () => panels.open(name)),
      register(editorCommands[name], () => panels.openInEditor(name)),
      register(pinCommands[name], () => panels.pinOrFollowView(name)),
      register(followCommands[name], () => panels.pinOrFollowView(name)),
    ]),
  );
}

async function start(uri: vscode.Uri | undefined, noDebug: boolean): Promise<boolean> {
  const scenario = uri ?? vscode.window.activeTextEditor?.document.uri;
  if (!scenario) {
    void vscode.window.showErrorMessage(errors.noScenarioOpen);
    return false;
  }
  const folder = vscode.workspace.getWorkspaceFolder(scenario);
  return vscode.debug.startDebugging(folder, configurationFor(scenario), { noDebug });
}
