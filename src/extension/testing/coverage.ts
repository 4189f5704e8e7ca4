// Shows what tests covered: lines in the gutter, and promises that were never put to the test.
import * as vscode from 'vscode';
import { addReport, type CoveredFile, type CoverageReport } from '../../check/coverage/report.ts';
import { uriOf } from '../scenario-files.ts';
import { testing as words } from '../words.ts';

const details = new WeakMap<vscode.FileCoverage, vscode.FileCoverageDetail[]>();

/** What the editor asks for when it shows a file. */
export function detailsOf(file: vscode.FileCoverage): vscode.FileCoverageDetail[] {
  return details.get(file) ?? [];
}

/** The coverage of one run of tests, which may take several processes. */
export class RunCoverage {
  private readonly reports: CoverageReport[] = [];

  constructor(private readonly extension: vscode.Uri) {}

  /** The sources of built-in protocols are in the extension; others are named from the folder. */
  add(reports: readonly CoverageReport[], folder: vscode.WorkspaceFolder): void {
    for (const report of reports) {
      const named = (file: string) => {
        const isOwn = !report.isBuiltIn;
        const uri = isOwn ? uriOf(file, folder) : vscode.Uri.joinPath(this.extension, 'dist', file);
        return uri.toString();
      };
      const files = report.files.map((one) => ({ ...one, file: named(one.file) }));
      const promises = report.promises.map((one) => {
        return one.place ? { ...one, place: { ...one.place, file: named(one.place.file) } } : one;
      });
      addReport(this.reports, { ...report, files, promises });
    }
  }

  show(run: vscode.TestRun, diagnostics: vscode.DiagnosticCollection): void {
    const files = new Map<string, CoveredFile[]>();
    for (const { file, ...covered } of this.reports.flatMap((one) => one.files)) {
      files.set(file, [...(files.get(file) ?? []), { file, ...covered }]);
    }
    for (const [file, all] of files) run.addCoverage(fileCoverage(file, all));
    diagnostics.clear();
    const hints = new Map<string, vscode.Diagnostic[]>();
    for (const { protocol, events, promises } of this.reports) {
      const never = events.filter(({ count }) => count === 0).map(({ name }) => name);
      if (never.length > 0) say(run, words.neverOccurred(never.join(', '), protocol));
      for (const { name, isTested, place } of promises) {
        if (isTested) continue;
        const message = words.neverTested(name, protocol);
        say(run, message);
        if (place === undefined) continue;
        const at = new vscode.Position(place.line - 1, 0);
        const { Information } = vscode.DiagnosticSeverity;
        const hint = new vscode.Diagnostic(new vscode.Range(at, at), message, Information);
        hint.source = words.title;
        hints.set(place.file, [...(hints.get(place.file) ?? []), hint]);
      }
    }
    for (const [file, own] of hints) diagnostics.set(vscode.Uri.parse(file), own);
  }
}

function say(run: vscode.TestRun, line: string): void {
  run.appendOutput(`${line}\r\n`);
}

/** Protocols may share a file: each statement ran as often as in all of them. */
function fileCoverage(file: string, all: readonly CoveredFile[]): vscode.FileCoverage {
  const statements = new Map<string, vscode.StatementCoverage>();
  const functions = new Map<string, vscode.DeclarationCoverage>();
  for (const covered of all) {
    for (const { line, column, count } of covered.statements) {
      const at = new vscode.Position(line - 1, column - 1);
      const known = Number(statements.get(`${line}:${column}`)?.executed ?? 0);
      statements.set(`${line}:${column}`, new vscode.StatementCoverage(known + count, at));
    }
    for (const { name, line, count } of covered.functions) {
      const at = new vscode.Position(line - 1, 0);
      const known = Number(functions.get(`${line}:${name}`)?.executed ?? 0);
      functions.set(`${line}:${name}`, new vscode.DeclarationCoverage(name, known + count, at));
    }
  }
  const parts = [...statements.values(), ...functions.values()];
  const shown = vscode.FileCoverage.fromDetails(vscode.Uri.parse(file), parts);
  details.set(shown, parts);
  return shown;
}
