// Runs a prepared mocha and writes its counts for test/run.mjs.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The tests that `failures` names failed; `repeated` are those that passed in a second attempt. */
export function noCounts() {
  return { passed: 0, failed: 0, skipped: 0, failures: [], repeated: [] };
}

/** Of a suite that ended before its tests did, which is itself a failure. */
export function unreported(suite) {
  return { ...noCounts(), failed: 1, failures: [`${suite}: it ended before its tests did`] };
}

/** Resolves with its counts, and writes them to `file` if it is given. */
export function runMocha(mocha, file) {
  return new Promise((resolve) => {
    const counts = noCounts();
    const runner = mocha.run(() => {
      if (file) writeReport(file, counts);
      resolve(counts);
    });
    runner.on('pass', () => counts.passed++);
    runner.on('pending', () => counts.skipped++);
    runner.on('fail', (test, error) => {
      counts.failed++;
      counts.failures.push(`${test.fullTitle()}: ${error.message}`);
    });
  });
}

export function writeReport(file, counts) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(counts));
}
