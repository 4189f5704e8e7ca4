// What is above the first line: "Debug | Run" of a scenario, the copying of a built-in protocol.
import * as vscode from 'vscode';
import { commands } from '../names.ts';
import { isBuiltIn, scenarioSelector } from '../scenario-files.ts';
import { codeLens as words } from '../words.ts';

export function registerCodeLens(extension: vscode.Uri): vscode.Disposable {
  return vscode.Disposable.from(scenarioLenses(), builtInLenses(extension));
}

function builtInLenses(extension: vscode.Uri): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider({ language: 'typescript' }, {
    provideCodeLenses({ uri }) {
      if (!isBuiltIn(extension, uri)) return [];
      const { copy: title, copyTooltip: tooltip } = words;
      const copy = { title, tooltip, command: commands.copyProtocol };
      return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), copy)];
    },
  });
}

function scenarioLenses(): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(scenarioSelector, {
    provideCodeLenses(document) {
      const { uri } = document;
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
        new vscode.CodeLens(top, {
          title: words.find,
          tooltip: words.findTooltip,
          command: commands.findSchedule,
          arguments: [uri],
        }),
        ...(runsGenerals(document.getText()) ? [generalsLens(top, uri)] : []),
      ];
    },
  });
}

function generalsLens(top: vscode.Range, uri: vscode.Uri): vscode.CodeLens {
  return new vscode.CodeLens(top, {
    title: words.breakGenerals,
    tooltip: words.breakGeneralsTooltip,
    command: commands.breakGenerals,
    arguments: [{ scenario: uri }],
  });
}

function runsGenerals(text: string): boolean {
  return /^protocol:\s*["']?two-generals\b/m.test(text);
}
