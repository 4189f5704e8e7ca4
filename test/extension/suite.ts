// Runs all suites of this folder with mocha in the Node extension host.
import Mocha from 'mocha';
import { runMocha } from '../host/mocha-report.mjs';
import { testMs } from '../host/patience.mjs';

export async function run(): Promise<void> {
  const grep = process.env['LOCKSTEP_TEST_GREP'] ?? '';
  const mocha = new Mocha({ ui: 'bdd', timeout: testMs, color: false, grep });
  // Puts `describe` and `it` into the globals, where the suites expect them.
  mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, '', mocha);
  await import('./activation.suite.ts');
  await import('./editor.suite.ts');
  await import('./session.suite.ts');
  await import('./new-protocol.suite.ts');
  await import('./copy-protocol.suite.ts');
  await import('./open-samples.suite.ts');
  await import('./history.suite.ts');
  await import('./break-generals.suite.ts');
  await import('./compare.suite.ts');
  await import('./export.suite.ts');
  await import('./find.suite.ts');
  await import('./runs.suite.ts');
  await import('./coverage.suite.ts');
  const { failed } = await runMocha(mocha, process.env['LOCKSTEP_TEST_REPORT']);
  if (failed > 0) throw new Error(`${failed} tests failed in the extension host`);
}
