// The suite inside Node's extension host: mocha with every test file of this folder.
import Mocha from 'mocha';
import { runMocha } from '../host/mocha-report.mjs';

export async function run(): Promise<void> {
  const grep = process.env['LOCKSTEP_TEST_GREP'] ?? '';
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, color: false, grep });
  // Puts `describe` and `it` into the globals, where the test files look for them.
  mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, '', mocha);
  await import('./activation.suite.ts');
  await import('./editor.suite.ts');
  await import('./session.suite.ts');
  await import('./new-protocol.suite.ts');
  const { failed } = await runMocha(mocha, process.env['LOCKSTEP_TEST_REPORT']);
  if (failed > 0) throw new Error(`${failed} tests failed in the extension host`);
}
