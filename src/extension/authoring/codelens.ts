// "Debug | Run" above the first line of a scenario.
import * as vscode from 'vscode';
import { commands } from '../names.ts';
import { scenarioSelector } from '../scenario-files.ts';

export function registerCodeLens(): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(scenarioSelector, {
    provideCodeLenses({ uri }) {
      const top = new vscode.Range(0, 0, 0, 0);
      return [
        new vscode.CodeLens(top, {
          title: '$(debug-alt) Debug',
          tooltip: 'Step through this scenario (F5)',
          command: commands.debugScenario,
          arguments: [uri],
        }),
        new vscode.CodeLens(top, {
          title: '$(run) Run',
          tooltip: 'Run this scenario to its end and check what it expects',
          command: commands.runScenario,
          arguments: [uri],
        }),
      ];
    },
  });
}
