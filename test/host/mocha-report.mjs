// Runs a prepared mocha and writes its counts for test/run.mjs.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Resolves with `{ passed, failed, skipped }`, and writes them to `file` if it is given. */
export function runMocha(mocha, file) {
  return new Promise((resolve) => {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const runner = mocha.run(() => {
      if (file) {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, JSON.stringify(counts));
      }
      resolve(counts);
    });
    runner.on('pass', () => counts.passed++);
    runner.on('fail', () => counts.failed++);
    runner.on('pending', () => counts.skipped++);
  });
}
