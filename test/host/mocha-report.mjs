// Runs a prepared mocha and writes its counts for test/run.mjs.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Resolves with `{ passed, failed, skipped, failures }`, and writes them to `file` if it is given. */
export function runMocha(mocha, file) {
  return new Promise((resolve) => {
    const counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
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
