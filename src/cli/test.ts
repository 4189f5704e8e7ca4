/** `lockstep test [FILES]`: scenarios must hold, and broken twins must fail for their reason. */
import { unitsOf } from '../kernel/wording.ts';
import { testInSlices, type TestedRun, type Watch } from '../check/scenario-test.ts';
import { testFailureText } from '../check/test-words.ts';
import type { Verdict } from '../scenario/verdict.ts';
import type { Coverage } from '../check/coverage/coverage.ts';
import { CoverageOfAll, whyNoCoverage, writeLcov } from './coverage/collect.ts';
import { coverageText } from './coverage/report.ts';
import type { Loaded } from './load.ts';
import { loadScenario, scenarioFiles } from './load.ts';
import { refuse, type Values } from './options.ts';
import { reportText } from './report.ts';
import { stepLine } from './step-line.ts';
import type { Terminal } from './terminal.ts';
import { failurePlace, judgedPromises, type TestReport } from './test-report.ts';
import { ThrownPlaces } from './thrown-places.ts';
import { inTime, Interrupted, sliceOf } from '../dap/process/run-limit.ts';
import { UntestedInvariants, untestedNotes } from '../check/untested.ts';

/** A report shows the end of the run; `lockstep run` prints all of it. */
const stepLinesMax = 200;

export async function test(files: string[], values: Values, terminal: Terminal): Promise<number> {
  const given = scenarioFiles(files, terminal);
  if ('problem' in given) return refuse(given.problem, terminal);
  const found = given.files;
  if (found.length === 0) return refuse('test needs a file: `lockstep test FILE…`', terminal);
  const wrong = whyNoCoverage(values, terminal);
  if (wrong !== undefined) return refuse(wrong, terminal);
  const isJson = values.json === true;
  const coverage = values.coverage === true ? new CoverageOfAll(terminal) : undefined;
  let passed = 0;
  let isInputWrong = false;
  const untested = new UntestedInvariants();
  for (const file of found) {
    const { report, verdicts } = await testOne(file, terminal, { values, untested, coverage });
    const { problems } = report;
    if (problems.length > 0) await terminal.error(`${problems.join('\n')}\n`);
    if (verdicts === undefined) isInputWrong = true;
    if (report.passed) passed++;
    const why = report.failures.at(0)?.message;
    const line = report.passed ? `✓ ${file}` : `✗ ${file}: ${why}`;
    await terminal.out(`${isJson ? JSON.stringify(report) : line}\n`);
    if (isJson) continue;
    for (const note of untestedNotes(verdicts ?? [])) await terminal.out(`    ! ${note}\n`);
  }
  if (!isJson) for (const note of untested.notes()) await terminal.out(`! ${note}\n`);
  const failed = found.length - passed;
  if (coverage !== undefined) {
    const { reports } = coverage;
    const text = reports.map(coverageText).join('');
    await terminal.out(isJson ? `${JSON.stringify({ coverage: reports })}\n` : text);
    if (!(await writeLcov(reports, values, terminal))) return 2;
  }
  if (!isJson) await terminal.out(`${passed} passed, ${failed} failed\n`);
  if (isInputWrong) return 2;
  return failed === 0 ? 0 : 1;
}

interface Session {
  readonly values: Values;
  readonly untested: UntestedInvariants;
  readonly coverage: CoverageOfAll | undefined;
}

interface Tested {
  readonly report: TestReport;
  /** Undefined if it is not a valid scenario. */
  readonly verdicts?: readonly Verdict[];
}

async function testOne(
  file: string,
  terminal: Terminal,
  { values, untested, coverage }: Session,
): Promise<Tested> {
  const isJson = values.json === true;
  const read = loadScenario(file, terminal, values);
  const own = read.scenario && coverage?.begin(read);
  const loaded = own ? { ...read, scenario: own.covered(read.scenario!) } : read;
  const { scenario, problems } = loaded;
  if (scenario === undefined) {
    const failures = [{ message: 'it is not a valid scenario' }];
    const about = { file, isValid: false, passed: false, judged: [] };
    return { report: { ...about, failures, problems, output: '' } };
  }
  const steps: string[] = [];
  let run: TestedRun;
  try {
    const watch = watchOf(loaded, terminal, isJson ? steps : undefined);
    run = await testToEnd(loaded, terminal, watch, own);
    if (own !== undefined) coverage!.end(own, read);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    const failures = [{ message: error.message }];
    const about = { file, passed: false, isValid: true, judged: [] };
    const report = { ...about, failures, problems, output: '' };
    return { report, verdicts: [] };
  }
  untested.note(scenario.protocol.name, run.verdicts);
  const failures = run.failures.map((failure) => ({
    message: testFailureText(failure, unitsOf(scenario.protocol)),
    ...failurePlace(failure, file, loaded),
  }));
  const output = isJson ? `${steps.join('\n')}\n${reportText(scenario, run, false)}` : '';
  const passed = failures.length === 0;
  const judged = judgedPromises(run.verdicts);
  const report = { file, isValid: true, passed, judged, failures, problems, output };
  return { report, verdicts: run.verdicts };
}

/** Keeps the lines of the last steps, if there is a list for them. */
function watchOf(
  { scenario, code }: Loaded,
  terminal: Terminal,
  steps: string[] | undefined,
): Watch {
  const places = new ThrownPlaces(scenario!, code, terminal);
  return {
    listener(world, action, effects) {
      const thrownAt = places.note(world, effects);
      if (steps === undefined || action === null) return;
      if (steps.length === stepLinesMax) steps.shift();
      steps.push(stepLine(scenario!, world, action, effects, thrownAt));
    },
    placeAt: places.at,
    shown: places.shown,
  };
}

function noting(coverage: Coverage, watch: Watch = {}): Watch {
  return {
    ...watch,
    listener(world, action, effects) {
      coverage.note(world, effects);
      watch.listener?.(world, action, effects);
    },
  };
}

/** Runs a valid scenario while other work may go on; may throw `Interrupted`. */
export async function testToEnd(
  { scenario, code }: Loaded,
  terminal: Terminal,
  watch?: Watch,
  coverage?: Coverage,
): Promise<TestedRun> {
  const plain = sliceOf(code !== undefined);
  const all = coverage === undefined
    ? testInSlices(scenario!, plain, watch)
    : coverage.duringAll(testInSlices(scenario!, plain, noting(coverage, watch)));
  const slices = code ? inTime('', all) : all;
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
    await terminal.rest?.();
  }
}
