// Shows what is wrong with a scenario in the Problems view, while it is typed.
import * as vscode from 'vscode';
import type { Problem } from '../scenario/check.ts';
import { isScenario, programOf } from './scenario-files.ts';

/** Long enough not to run at each key, short enough to be there when one looks up. */
const pauseMs = 200;

export function registerDiagnostics(): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('lockstep');
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  const checkSoon = (document: vscode.TextDocument, delayMs: number): void => {
    if (!isScenario(document.uri)) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        void check(document, collection);
      }, delayMs),
    );
  };
  const forget = (document: vscode.TextDocument): void => {
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.delete(key);
    collection.delete(document.uri);
  };

  for (const document of vscode.workspace.textDocuments) checkSoon(document, 0);
  return vscode.Disposable.from(
    collection,
    vscode.workspace.onDidOpenTextDocument((document) => checkSoon(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => checkSoon(document, pauseMs)),
    vscode.workspace.onDidCloseTextDocument(forget),
    new vscode.Disposable(() => timers.forEach((timer) => clearTimeout(timer))),
  );
}

async function check(
  document: vscode.TextDocument,
  collection: vscode.DiagnosticCollection,
): Promise<void> {
  // Loaded with the first scenario: the YAML and expression parsers would slow the activation.
  const { checkScenario } = await import('./engine.ts');
  const { version } = document;
  const problems = checkScenario(document.getText(), programOf(document.uri));
  if (document.isClosed || document.version !== version) return;
  collection.set(document.uri, problems.map(toDiagnostic));
}

function toDiagnostic(problem: Problem): vscode.Diagnostic {
  const range = new vscode.Range(
    problem.line - 1,
    problem.column - 1,
    problem.endLine - 1,
    problem.endColumn - 1,
  );
  const text = problem.hint ? `${problem.message}\n${problem.hint}` : problem.message;
  const severity =
    problem.severity === 'warning'
      ? vscode.DiagnosticSeverity.Warning
      : vscode.DiagnosticSeverity.Error;
  const diagnostic = new vscode.Diagnostic(range, text, severity);
  diagnostic.source = 'lockstep';
  return diagnostic;
}
