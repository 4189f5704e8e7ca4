/** `lockstep test [FILES]`: scenarios must hold, and broken twins must fail for their reason. */
import { testInSlices, type TestedRun } from '../check/scenario-test.ts';
import { testFailureText } from '../check/test-words.ts';
import type { Loaded } from './load.ts';
import { loadScenario } from './load.ts';
import { refuse, type Values } from './options.ts';
import { reportText } from './run.ts';
import { stepLine } from './step-line.ts';
import type { Terminal } from './terminal.ts';
import { failurePlace, type TestReport } from './test-report.ts';
import { ThrownPlaces } from './thrown-places.ts';

/** A working directory may be the root of a disk: more files are not searched. */
const filesMax = 10_000;
/** The actions between two rests of the terminal. */
const sliceActions = 2_000;
/** A report shows the end of the run; `lockstep run` prints all of it. */
const stepLinesMax = 200;

export async function test(files: string[], values: Values, terminal: Terminal): Promise<number> {
  const found = files.length > 0 ? files : terminal.scenarios?.(filesMax);
  if (found === undefined) return refuse('test needs a file: `lockstep test FILE…`', terminal);
  if (found.length === 0) return refuse('there is no *.scenario.yaml in this folder', terminal);
  const isJson = values.json === true;
  let passed = 0;
  let isInputWrong = false;
  for (const file of found) {
    const report = await testOne(file, terminal, values);
    if (report.problems.length > 0) {
      isInputWrong = true;
      await terminal.error(`${report.problems.join('\n')}\n`);
    }
    if (report.passed) passed++;
    const why = report.failures.at(0)?.message;
    const line = report.passed ? `✓ ${file}` : `✗ ${file}: ${why}`;
    await terminal.out(`${isJson ? JSON.stringify(report) : line}\n`);
  }
  const failed = found.length - passed;
  if (!isJson) await terminal.out(`${passed} passed, ${failed} failed\n`);
  if (isInputWrong) return 2;
  return failed === 0 ? 0 : 1;
}

async function testOne(file: string, terminal: Terminal, values: Values): Promise<TestReport> {
  const isJson = values.json === true;
  const loaded = loadScenario(file, terminal, values);
  const { problems } = loaded;
  if (loaded.scenario === undefined) {
    const failures = [{ message: 'it is not a valid scenario' }];
    return { file, passed: false, failures, problems, output: '' };
  }
  const steps: string[] = [];
  const run = await runToEnd(loaded, terminal, isJson ? steps : undefined);
  const failures = run.failures.map((failure) => ({
    message: testFailureText(failure),
    ...failurePlace(failure, file, loaded),
  }));
  const output = isJson ? `${steps.join('\n')}\n${reportText(loaded.scenario, run)}` : '';
  return { file, passed: failures.length === 0, failures, problems: [], output };
}

/** Keeps the lines of the last steps, if there is a list for them. */
async function runToEnd(
  { scenario, code }: Loaded,
  terminal: Terminal,
  steps: string[] | undefined,
): Promise<TestedRun> {
  const places = new ThrownPlaces(scenario!, code, terminal);
  const slices = testInSlices(scenario!, sliceActions, {
    listener(world, action, effects) {
      const thrownAt = places.note(world, effects);
      if (steps === undefined || action === null) return;
      if (steps.length === stepLinesMax) steps.shift();
      steps.push(stepLine(scenario!, world, action, effects, thrownAt));
    },
    placeAt: places.at,
  });
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
    await terminal.rest?.();
  }
}
