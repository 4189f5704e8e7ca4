// Runs scenarios of the Testing view and shows their results.
import * as vscode from 'vscode';
import type { CoverageReport } from '../../check/coverage/report.ts';
import type { ReportedFailure, TestReport } from '../../cli/test-report.ts';
import type { Problem } from '../../scenario/problem.ts';
import { withHint } from '../../scenario/problem.ts';
import { checked } from '../authoring/checked-scenario.ts';
import { reasonOf } from '../failures.ts';
import { readText, uriOf } from '../scenario-files.ts';
import { testing as words } from '../words.ts';
import type { RunCoverage } from './coverage.ts';
import type { TestRunner } from './runner.ts';

interface Located {
  readonly uri: vscode.Uri;
  readonly problem: Problem;
}

export async function runTests(
  runner: TestRunner,
  run: vscode.TestRun,
  items: readonly vscode.TestItem[],
  token: vscode.CancellationToken,
  coverage?: RunCoverage,
): Promise<void> {
  for (const item of items) run.enqueued(item);
  const batches = new Map<string, { folder: vscode.WorkspaceFolder; own: vscode.TestItem[] }>();
  for (const item of items) {
    if (token.isCancellationRequested) return;
    const folder = vscode.workspace.getWorkspaceFolder(item.uri!);
    if (!folder || !(await isValid(run, item))) continue;
    const key = folder.uri.toString();
    const batch = batches.get(key) ?? { folder, own: [] };
    batch.own.push(item);
    batches.set(key, batch);
  }
  for (const { folder, own } of batches.values()) {
    if (token.isCancellationRequested) return;
    const covered = coverage && ((reports: readonly CoverageReport[]) => {
      coverage.add(reports, folder);
    });
    await runBatch(runner, run, { folder, ...(covered && { covered }) }, own, token);
  }
}

interface Place {
  readonly folder: vscode.WorkspaceFolder;
  readonly covered?: (reports: readonly CoverageReport[]) => void;
}

/** Whether a scenario can be run; if not, shows why, at its lines. */
async function isValid(run: vscode.TestRun, item: vscode.TestItem): Promise<boolean> {
  try {
    const uri = item.uri!;
    const { problems, faults } = await checked({ uri, content: await readText(uri) });
    // Code of a workspace that is not trusted is a warning in the editor, but it is not run either.
    const obstacles = problems.filter(
      ({ severity, code }) => severity === 'error' || code === 'untrusted-protocol',
    );
    if (obstacles.length === 0) return true;
    const all = [...obstacles.map((problem) => ({ uri, problem })), ...faults];
    run.errored(item, all.map(problemMessage));
  } catch (error) {
    run.errored(item, new vscode.TestMessage(reasonOf(error)));
  }
  return false;
}

async function runBatch(
  runner: TestRunner,
  run: vscode.TestRun,
  place: Place,
  items: readonly vscode.TestItem[],
  token: vscode.CancellationToken,
): Promise<void> {
  const { folder, ...more } = place;
  const waiting = [...items];
  const files = items.map(({ uri }) => nameIn(folder, uri!));
  let startedAt = Date.now();
  const start = () => {
    startedAt = Date.now();
    if (waiting.length > 0) run.started(waiting[0]!);
  };
  start();
  const report = (tested: TestReport) => {
    const item = waiting.shift();
    if (item) show(run, item, folder, tested, Date.now() - startedAt);
    start();
  };
  try {
    await runner.run({ folder: folder.uri, files, ...more }, report, token);
  } catch (error) {
    const [current, ...others] = waiting;
    if (current) run.errored(current, new vscode.TestMessage(reasonOf(error)));
    // The runner failed at one file, which says nothing about those after it.
    if (others.length > 0) await runBatch(runner, run, place, others, token);
    return;
  }
  // After a cancellation.
  for (const item of waiting) run.skipped(item);
}

function show(
  run: vscode.TestRun,
  item: vscode.TestItem,
  folder: vscode.WorkspaceFolder,
  { isValid, passed, failures, problems, output }: TestReport,
  ms: number,
): void {
  // The output is shown in a terminal, whose lines end with a carriage return.
  run.appendOutput(words.output(item.label, output).replaceAll('\n', '\r\n'), undefined, item);
  if (passed) return run.passed(item, ms);
  if (!isValid) {
    const messages = problems.map((problem) => new vscode.TestMessage(problem));
    return run.errored(item, messages, ms);
  }
  run.failed(item, failures.map((failure) => failureMessage(item, folder, failure)), ms);
}

function failureMessage(
  item: vscode.TestItem,
  folder: vscode.WorkspaceFolder,
  { message, place }: ReportedFailure,
): vscode.TestMessage {
  const shown = new vscode.TestMessage(message);
  const uri = place ? uriOf(place.file, folder) : item.uri!;
  const position = new vscode.Position((place?.line ?? 1) - 1, (place?.column ?? 1) - 1);
  shown.location = new vscode.Location(uri, position);
  return shown;
}

function problemMessage({ uri, problem }: Located): vscode.TestMessage {
  const shown = new vscode.TestMessage(withHint(problem));
  const position = new vscode.Position(problem.line - 1, problem.column - 1);
  shown.location = new vscode.Location(uri, position);
  return shown;
}

function nameIn(folder: vscode.WorkspaceFolder, uri: vscode.Uri): string {
  return uri.path.slice(folder.uri.path.replace(/\/$/, '').length + 1);
}
