/** Of the words of exported pictures and runs, the arguments of some calls. */
import type { Ending, Moment, Views } from '../../src/view/contract.ts';
import type { RunAbout } from '../../src/view/export/recorded-run.ts';
import type * as exported from '../../src/view/panel-words/export.ts';
import type * as inWords from '../../src/view/panel-words/moment-in-words.ts';
import type * as runPage from '../../src/view/panel-words/run-page.ts';
import type { Examples } from './examples.ts';

const moment: Moment = {
  title: 'A leader crashes',
  scenario: 'leader-crash.scenario.yaml',
  branch: 0,
  step: 12,
  steps: 184,
  time: 1_204_000,
  action: {
    command: 'crash n1', sentence: 'n1 crashes', isCommandEnough: true, events: [], replies: [],
  },
  stop: { type: 'step' },
};
const onBranch: Moment = { ...moment, branch: 2 };
const ending: Ending = { stoppedEarly: true, verdicts: [], counts: { holds: 0, violated: 0, unknown: 0 } };
const whole: RunAbout = {
  title: 'A leader crashes',
  scenario: 'leader-crash.scenario.yaml',
  protocol: 'raft',
  seed: 7,
  branch: 0,
  steps: 184,
  first: 0,
  last: 184,
  panels: ['cluster'],
  ending,
};
const part: RunAbout = { ...whole, branch: 2, steps: 5_210, last: 1_999 };
const one: RunAbout = { ...whole, steps: 1, last: 1 };

export const exportExamples = {
  fileName: [['cluster', 'svg', moment], ['sequence', 'mermaid', onBranch], ['cluster', 'markdown', moment]],
  titleOf: [['cluster']],
  pictureTitle: [['cluster', moment]],
  placeText: [[moment], [onBranch]],
  copiedText: [['svg'], ['png']],
  notCopiedText: [['mermaid']],
  copiedWithLink: [['cluster-step-12.svg']],
  notExported: [['png', 'the browser could not write the image']],
  scaledText: [[1.3333]],
  islandText: [[1]],
  believesText: [['n1']],
} satisfies Examples<typeof exported>;

export const momentInWordsExamples = {
  momentInWords: [[moment, {} as Partial<Views>]],
} satisfies Examples<typeof inWords>;

export const runPageExamples = {
  stepsText: [[whole], [part], [one]],
  leftOutText: [[whole], [part]],
  aboutText: [[whole], [part]],
  ofText: [[whole], [part]],
  replayingText: [[0.256]],
} satisfies Examples<typeof runPage>;
