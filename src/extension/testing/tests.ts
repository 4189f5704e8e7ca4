// The Testing view: what `lockstep test` finds in the workspace, to run or to debug.
import * as vscode from 'vscode';
import { testing as words } from '../words.ts';
import { debugTests } from './debug-tests.ts';
import { detailsOf, RunCoverage } from './coverage.ts';
import { runTests } from './run-tests.ts';
import type { TestRunner } from './runner.ts';
import { TestTree } from './tree.ts';

export function registerTests(runner: TestRunner, extension: vscode.Uri): vscode.Disposable {
  const controller = vscode.tests.createTestController('lockstep', words.title);
  const tree = new TestTree(controller);
  // Until the view is first shown, the command that runs all tests would say that there are none.
  let first: Promise<void> | undefined = tree.discover();
  first.catch(() => (first = undefined));
  // The view calls it then. What runs by then must not be replaced.
  controller.resolveHandler = async (item) => {
    if (!item) await (first ??= tree.discover());
  };
  controller.refreshHandler = () => tree.discover();
  const begin = async (request: vscode.TestRunRequest) => {
    const run = controller.createTestRun(request);
    return { run, items: await requested(tree, request) };
  };
  controller.createRunProfile(
    words.run,
    vscode.TestRunProfileKind.Run,
    async (request, token) => {
      const { run, items } = await begin(request);
      await runTests(runner, run, items, token).finally(() => run.end());
    },
    true,
  );
  controller.createRunProfile(
    words.debug,
    vscode.TestRunProfileKind.Debug,
    async (request, token) => {
      const { run, items } = await begin(request);
      await debugTests(runner, run, items, token).finally(() => run.end());
    },
    true,
  );
  const untested = vscode.languages.createDiagnosticCollection('lockstep coverage');
  const covering = controller.createRunProfile(
    words.coverage,
    vscode.TestRunProfileKind.Coverage,
    async (request, token) => {
      const { run, items } = await begin(request);
      const coverage = new RunCoverage(extension);
      await runTests(runner, run, items, token, coverage)
        .then(() => coverage.show(run, untested))
        .finally(() => run.end());
    },
    true,
  );
  covering.loadDetailedCoverage = async (_, file) => detailsOf(file);
  return vscode.Disposable.from(tree, controller, untested);
}

/** The scenarios that a request names. The view need not have been shown before they are run. */
async function requested(
  tree: TestTree,
  { include, exclude = [] }: vscode.TestRunRequest,
): Promise<vscode.TestItem[]> {
  if (!include && tree.all().length === 0) await tree.discover();
  const included = include ? include.flatMap((item) => tree.scenariosOf(item)) : tree.all();
  const excluded = new Set(exclude.flatMap((item) => tree.scenariosOf(item)));
  return included.filter((item) => !excluded.has(item)).sort((a, b) => (a.id < b.id ? -1 : 1));
}
