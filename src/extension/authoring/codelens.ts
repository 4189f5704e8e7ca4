// "Debug | Run" above the first line of a scenario.
import * as vscode from 'vscode';
import { commands } from '../names.ts';
import { scenarioSelector } from '../scenario-files.ts';
import { codeLens as words } from '../words.ts';

export function registerCodeLens(): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(scenarioSelector, {
    provideCodeLenses({ uri }) {
      const top = new vscode.Range(0, 0, 0, 0);
      return [
        new vscode.CodeLens(top, {
          title: words.debug,
          tooltip: words.debugTooltip,
          command: commands.debugScenario,
          arguments: [uri],
        }),
        new vscode.CodeLens(top, {
          title: words.run,
          tooltip: words.runTooltip,
          command: commands.runScenario,
          arguments: [uri],
        }),
      ];
    },
  });
}
