/** The verdict of `lockstep explore` as JUnit's XML, for build servers: a suite with one case. */
import type { Units } from '../../kernel/text/data-text.ts';
import { junitFile, xml } from '../seeds/report.ts';
import { type Answer, verdictText } from './words.ts';

export function exploreJunit(
  file: string,
  answer: Answer,
  { steps, units, command }: {
    readonly steps: readonly string[]; readonly units: Units; readonly command: string;
  },
): string {
  const { mode, verdict: { type } } = answer;
  const text = verdictText(answer, units, command);
  const [first] = text.split('\n', 1);
  const run = [...steps, ...text.trimEnd().split('\n')];
  const begin = `    <testcase classname="${xml(file)}" name="explore ${mode}"`;
  const message = xml(first);
  const cases = {
    holds: [`${begin}/>`],
    // A build must not fail because nothing was found, and must not pass as if all were proved.
    unknown: [`${begin}><skipped message="${message}"/></testcase>`],
    violated: [
      `${begin}>`,
      `      <failure message="${message}">${run.map(xml).join('\n')}</failure>`,
      '    </testcase>',
    ],
  };
  const failures = type === 'violated' ? 1 : 0;
  const counts = `tests="1" failures="${failures}" errors="0"`;
  const suite = [
    `  <testsuite name="${xml(file)}" ${counts}>`, ...cases[type], '  </testsuite>',
  ];
  return junitFile([suite.join('\n')]);
}
