// Runs the stages of a full check in order and adds their tests up: exactly what CI runs.
//
//   node test/run.mjs                 all stages
//   node test/run.mjs unit extension  only these
//   node test/run.mjs golden          rewrites the golden texts
//   node test/run.mjs nightly         the properties, for many more seeds
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const artifacts = path.join(root, 'test', 'artifacts');
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'];

/**
 * A stage with `report` counts the tests in the JSON file that it writes ({ passed, failed, skipped });
 * without one it is a single check, and counts only when it fails.
 */
const stages = {
  typecheck: { command: ['test/typecheck.mjs'] },
  lint: { command: ['node_modules/oxlint/bin/oxlint', '--deny-warnings'] },
  build: { command: ['esbuild.mjs'] },
  unit: {
    command: [...vitest, '--reporter=default', '--reporter=json', '--outputFile=test/artifacts/unit.json'],
    report: 'unit.json',
  },
  extension: { command: ['test/host/run-extension-suite.mjs'], report: 'extension.json' },
  workbench: { command: ['test/workbench/run.mjs'], report: 'workbench.json' },
  golden: { command: vitest, env: { UPDATE_GOLDEN: '1' }, onDemand: true },
  nightly: {
    command: [...vitest, 'properties', 'kernel/run', 'kernel/snapshot', 'session/'],
    env: { LOCKSTEP_SEEDS: process.env.LOCKSTEP_SEEDS ?? '10000' },
    onDemand: true,
  },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in stages));
if (unknown.length > 0) {
  console.error(`test: no stage named ${unknown.join(', ')}; there are ${Object.keys(stages).join(', ')}`);
  process.exit(2);
}
const chosen = asked.length > 0 ? asked : Object.keys(stages).filter((name) => !stages[name].onDemand);

mkdirSync(artifacts, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of chosen) add(runStage(name, stages[name]));
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
const summary = `${total.passed} passed, ${total.failed} failed${skipped}`;
writeFileSync(path.join(artifacts, 'summary.txt'), `${summary}\n`);
console.log(`\n${summary}`);
process.exit(total.failed > 0 ? 1 : 0);

function add(counts) {
  for (const key of Object.keys(total)) total[key] += counts[key];
}

function runStage(name, { command, report, env }) {
  const reportFile = report && path.join(artifacts, report);
  if (reportFile) rmSync(reportFile, { force: true });
  console.log(`\n== ${name}`);
  const startedAt = Date.now();
  const { status } = spawnSync(process.execPath, command, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  const counts = readCounts(reportFile);
  // A stage that ends badly without a failed test (a crash, a type error) is itself the failure.
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const words = reportFile ? `${counts.passed} passed, ${counts.failed} failed` : status === 0 ? 'ok' : 'FAILED';
  console.log(`== ${name}: ${words} (${seconds} s)`);
  return counts;
}

function readCounts(reportFile) {
  if (!reportFile || !existsSync(reportFile)) return { passed: 0, failed: 0, skipped: 0 };
  const result = JSON.parse(readFileSync(reportFile, 'utf8'));
  return {
    passed: result.numPassedTests ?? result.passed ?? 0,
    failed: result.numFailedTests ?? result.failed ?? 0,
    skipped: (result.numPendingTests ?? 0) + (result.numTodoTests ?? 0) + (result.skipped ?? 0),
  };
}
