// Shows the problems of a scenario and of its protocol in the Problems view while they are typed.
import * as vscode from 'vscode';
import type { Problem } from '../../scenario/problem.ts';
import { withHint } from '../../scenario/problem.ts';
import { checked } from './checked-scenario.ts';
import { isScenario } from '../scenario-files.ts';

/** Long enough to skip checks between key presses, short enough to feel immediate. */
const typingPauseMs = 200;

export function registerDiagnostics(): vscode.Disposable {
  const problems = new Problems();
  const recheck = ({ document }: { document: vscode.TextDocument }) => {
    problems.checkSoon(document, typingPauseMs);
    for (const scenario of problems.scenariosOf(document)) {
      problems.checkSoon(scenario, typingPauseMs);
    }
  };
  const checkAll = () => {
    for (const document of vscode.workspace.textDocuments) problems.checkSoon(document, 0);
  };
  checkAll();
  return vscode.Disposable.from(
    problems,
    vscode.workspace.onDidOpenTextDocument((document) => problems.checkSoon(document, 0)),
    vscode.workspace.onDidChangeTextDocument(recheck),
    vscode.workspace.onDidSaveTextDocument((document) => recheck({ document })),
    vscode.workspace.onDidCloseTextDocument((document) => problems.forget(document)),
    vscode.workspace.onDidGrantWorkspaceTrust(checkAll),
  );
}

class Problems implements vscode.Disposable {
  private readonly ofScenarios = vscode.languages.createDiagnosticCollection('lockstep');
  /** A protocol has problems only as long as a scenario that names it is open. */
  private readonly ofProtocols = vscode.languages.createDiagnosticCollection('lockstep-protocol');
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** By scenario: the files of its protocol, and those with problems. */
  private readonly protocols = new Map<
    string,
    { readonly files: readonly string[]; readonly faulty: readonly vscode.Uri[] }
  >();

  checkSoon(document: vscode.TextDocument, delayMs: number): void {
    if (!isScenario(document.uri)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    const check = () => {
      this.timers.delete(key);
      void this.check(document);
    };
    this.timers.set(key, setTimeout(check, delayMs));
  }

  /** The open scenarios whose protocol contains the document. */
  scenariosOf({ uri }: vscode.TextDocument): vscode.TextDocument[] {
    const file = uri.toString();
    return vscode.workspace.textDocuments.filter((scenario) =>
      this.protocols.get(scenario.uri.toString())?.files.includes(file),
    );
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    const { version, uri } = document;
    const { problems, faults, files } = await checked({ uri, content: document.getText() });
    if (document.isClosed || document.version !== version) return;
    this.forgetFaults(document);
    const byFile = new Map(faults.map(({ uri }) => [uri.toString(), uri]));
    this.protocols.set(document.uri.toString(), { files, faulty: [...byFile.values()] });
    this.ofScenarios.set(document.uri, problems.map(toDiagnostic));
    for (const [name, uri] of byFile) {
      const own = faults.filter((fault) => fault.uri.toString() === name);
      this.ofProtocols.set(uri, own.map(({ problem }) => toDiagnostic(problem)));
    }
  }

  forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.forgetFaults(document);
    this.protocols.delete(key);
    this.ofScenarios.delete(document.uri);
  }

  private forgetFaults({ uri }: vscode.TextDocument): void {
    const { faulty = [] } = this.protocols.get(uri.toString()) ?? {};
    for (const file of faulty) this.ofProtocols.delete(file);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.ofScenarios.dispose();
    this.ofProtocols.dispose();
  }
}

function toDiagnostic(problem: Problem): vscode.Diagnostic {
  const range = new vscode.Range(
    problem.line - 1,
    problem.column - 1,
    problem.endLine - 1,
    problem.endColumn - 1,
  );
  const severity =
    problem.severity === 'warning'
      ? vscode.DiagnosticSeverity.Warning
      : vscode.DiagnosticSeverity.Error;
  const diagnostic = new vscode.Diagnostic(range, withHint(problem), severity);
  diagnostic.source = 'lockstep';
  diagnostic.code = problem.code;
  return diagnostic;
}
