// Runs the stages of a full check in order and adds up their tests: this is exactly what CI runs.
//
//   node test/run.mjs                 all stages
//   node test/run.mjs unit extension  only these
//   node test/run.mjs golden messages rewrites the golden texts
//   node test/run.mjs nightly         the properties, with many more seeds
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const artifacts = path.join(root, 'test', 'artifacts');
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'];

/**
 * A stage with a `report` counts the tests in the JSON file that it writes. A stage without one is a
 * single check and is counted only if it fails. A stage that is `beside` others begins with its phase,
 * and its output is shown when it ends: it mostly waits, for a download or for an editor, or what
 * follows needs nothing of it. What tests drive starts once before them, so that no test waits for a
 * program's first start. Each host that they drive has a browser of its own, so none takes the focus
 * of another.
 */
const stages = {
  typecheck: { command: ['test/typecheck.mjs'], beside: true },
  lint: { command: ['node_modules/oxlint/bin/oxlint', '--deny-warnings'] },
  build: { command: ['esbuild.mjs'] },
  package: { command: ['test/package/make.mjs'] },
  provision: { command: ['test/host/provision.mjs'], beside: true },
  unit: {
    command: [...vitest, '--reporter=default', '--reporter=json', '--outputFile=test/artifacts/unit.json'],
    report: 'unit.json',
    env: { LOCKSTEP_WHOLE: '1' },
  },
  extension: { command: ['test/host/run-extension-suite.mjs'], report: 'extension.json', beside: true },
  workbench: { command: ['test/workbench/run.mjs'], report: 'workbench.json', beside: true },
  golden: { command: vitest, env: { UPDATE_GOLDEN: '1' }, onDemand: true },
  // Its golden text is made of the others, so it comes after them.
  messages: { command: [...vitest, 'test/messages'], env: { UPDATE_GOLDEN: '1' }, onDemand: true },
  nightly: {
    // Many seeds take long: without a limit, since a hang would show in the output.
    command: [...vitest, '--testTimeout=0', 'properties', 'kernel/run', 'kernel/snapshot', 'session/', 'test/fuzz/', 'cli/samples', 'explore/found'],
    env: { LOCKSTEP_SEEDS: process.env.LOCKSTEP_SEEDS ?? '10000' },
    onDemand: true,
  },
};

/** Each phase begins when the one before it has ended. */
const phases = [
  ['typecheck', 'lint', 'build', 'package', 'provision'],
  ['unit', 'extension', 'workbench'],
  ['golden', 'messages', 'nightly'],
];

const requested = process.argv.slice(2);
const unknown = requested.filter((name) => !(name in stages));
if (unknown.length > 0) {
  console.error(`test: no stage is named ${unknown.join(', ')}. The stages are ${Object.keys(stages).join(', ')}.`);
  process.exit(2);
}
const chosen = requested.length > 0 ? requested : Object.keys(stages).filter((name) => !stages[name].onDemand);

mkdirSync(artifacts, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0, reasons: [], failures: [], repeated: [] };
for (const phase of phases) await runPhase(phase.filter((name) => chosen.includes(name)));
const closing = closingLines(total);
writeFileSync(path.join(artifacts, 'summary.txt'), `${closing}\n`);
console.log(`\n${closing}`);
process.exit(total.failed > 0 ? 1 : 0);

function add(counts) {
  for (const key of ['passed', 'failed', 'skipped']) total[key] += counts[key];
  for (const key of ['reasons', 'failures', 'repeated']) total[key].push(...counts[key]);
}

async function runPhase(names) {
  const inTurn = names.filter((name) => !stages[name].beside);
  if (inTurn.length === 0) return runInTurn(names);
  const beside = names.filter((name) => stages[name].beside);
  await Promise.all([runInTurn(inTurn), ...beside.map((name) => runStage(name, stages[name], 'kept'))]);
}

async function runInTurn(names) {
  for (const name of names) await runStage(name, stages[name], 'shown');
}

async function runStage(name, { command, report, env }, output) {
  const reportFile = report && path.join(artifacts, report);
  if (reportFile) rmSync(reportFile, { force: true });
  if (output === 'shown') console.log(`\n== ${name}`);
  const startedAt = Date.now();
  const { status, kept } = await runNode(command, { ...process.env, ...env }, output);
  if (output === 'kept') console.log(`\n== ${name}\n${kept}`);
  const counts = readCounts(reportFile);
  // A stage that fails without a failed test (a crash, a type error) is itself the failure.
  if (status !== 0 && counts.failed === 0) {
    counts.failed = 1;
    if (counts.failures.length === 0) counts.failures.push(`${name}: see its output above`);
  }
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const check = status === 0 ? 'ok' : 'FAILED';
  const result = reportFile ? `${counts.passed} passed, ${counts.failed} failed` : check;
  console.log(`== ${name}: ${result} (${seconds} s)`);
  add(counts);
}

/** `kept` is what it wrote, unless that is shown at once. */
function runNode(command, env, output) {
  const stdio = output === 'shown' ? 'inherit' : ['ignore', 'pipe', 'pipe'];
  const child = spawn(process.execPath, command, { cwd: root, stdio, env });
  let kept = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => (kept += text));
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ status: 1, kept: `${kept}${error.message}\n` }));
    child.on('close', (status) => resolve({ status, kept }));
  });
}

/** Reads the report of vitest's `json` reporter, or the one of test/host/mocha-report.mjs. */
function readCounts(reportFile) {
  const isWritten = reportFile && existsSync(reportFile);
  const { testResults = [], ...result } = isWritten ? JSON.parse(readFileSync(reportFile, 'utf8')) : {};
  return {
    passed: result.numPassedTests ?? result.passed ?? 0,
    failed: result.numFailedTests ?? result.failed ?? 0,
    skipped: (result.numPendingTests ?? 0) + (result.numTodoTests ?? 0) + (result.skipped ?? 0),
    reasons: skipReasons(testResults),
    failures: result.failures ?? failuresOf(testResults),
    repeated: result.repeated ?? [],
  };
}

/** Why tests of vitest were skipped, where they say so: see test/conformance/unavailable.ts. */
function skipReasons(testResults) {
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ meta }) => meta?.skipReason)
    .map(({ fullName, meta }) => `${fullName}: ${meta.skipReason}`);
}

/** The tests of vitest that failed, and the files that failed as a whole. */
function failuresOf(testResults) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((one) => one.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [`${path.relative(root, name)}: ${message}`];
    return failed.map(({ fullName, failureMessages }) => `${path.relative(root, name)}: ${fullName}: ${failureMessages[0]}`);
  });
}

/** What failed, what was skipped and why, then the counts alone: CI reads the very last line. */
function closingLines({ passed, failed, skipped, reasons, failures, repeated }) {
  const counts = `${passed} passed, ${failed} failed`;
  const unexplained = skipped - reasons.length;
  const others = unexplained > 0 ? [`${unexplained} without a stated reason: see the output above`] : [];
  return [
    ...section('Failed once, and passed when repeated:', repeated),
    ...section('Skipped, and not counted as passed:', [...reasons, ...others]),
    ...section('Failed:', failures),
    skipped === 0 ? counts : `${counts}, ${skipped} skipped`,
  ].join('\n');
}

function section(title, items) {
  return items.length === 0 ? [] : [title, ...items.map((item) => `  ${shortened(item)}`)];
}

/** The first lines of a message: its whole is in the output of its stage. */
function shortened(text) {
  return text.split('\n').slice(0, 3).join('\n    ').slice(0, 600);
}
