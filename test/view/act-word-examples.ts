/** Calls of the functions that make the words of acts, of the toolbar and of the narration. */
import type { ActType, Thing } from '../../src/view/act-view.ts';
import type { NarratedActivity, NarratedStep, NarrationView } from '../../src/view/narration.ts';
import type * as acts from '../../src/view/panel-words/acts.ts';
import type * as narration from '../../src/view/panel-words/narration.ts';
import type * as toolbar from '../../src/view/panel-words/toolbar.ts';
import type { Examples } from './examples.ts';

export const toolbarExamples: Examples<typeof toolbar> = {
  pinnedText: [
    [{ branch: 0, step: 12 }, { branch: 0, step: 20 }, 'stopped'],
    [{ branch: 0, step: 12 }, { branch: 1, step: 12 }, 'stopped'],
    [{ branch: 1, step: 12 }, { branch: 1, step: 12 }, 'stopped'],
    [{ branch: 0, step: 12 }, { branch: 0, step: 20 }, 'running'],
    [{ branch: 0, step: 12 }, { branch: 0, step: 20 }, 'ended'],
    [{ branch: 0, step: 12 }, undefined, 'empty'],
    [{ branch: 0, step: 12 }, undefined, 'failed'],
  ],
  drawingFailed: [['x is undefined.\n at y'], ['no room']],
};

const thing = (type: Thing['type'], name: string): Thing => ({ type, name });
const actTypes: ActType[] = [
  ...(['deliver', 'drop', 'delay', 'duplicate', 'fire', 'crash', 'restart', 'pause'] as const),
  ...(['resume', 'offset', 'jump', 'drift', 'power-off', 'unplug', 'plug-in', 'stall'] as const),
  ...(['slow', 'invoke', 'disk-ok', 'cut', 'cut-both', 'heal', 'heal-both', 'reset'] as const),
];
export const actExamples: Examples<typeof acts> = {
  menuTitle: [
    [thing('node', 'n1')], [thing('timer', 'n1 election')], [thing('message', 'n1->n3#4')],
    [thing('message', 'n1->n3#4'), { type: 'RequestVote', from: 'n1', to: 'n3' }],
    [thing('link', 'n1 n3')],
  ],
  groupOf: [['crash']],
  actLabel: actTypes.map((type) => [{ type, on: type === 'fire' ? 'election of n2' : 'n2' }]),
  valueLabel: [['delay'], ['offset'], ['jump'], ['drift'], ['slow'], ['invoke'], ['crash']],
  valueHint: [
    ...(['delay', 'offset', 'jump', 'drift', 'slow', 'crash'] as const).map(
      (type): [{ type: ActType }] => [{ type }],
    ),
    [{ type: 'invoke', parameters: ['key', 'value', '[ttl]'] }],
  ],
  noEffectText: [
    [{ type: 'already cut', from: 'n1', to: 'n2' }],
    [{ type: 'not cut', from: 'n1', to: 'n2' }],
  ],
};

const toldStep: NarratedStep = {
  index: 2, text: 'crash n1', line: 17, state: 'current', comment: ['Its memory is gone.'],
};
const told: NarrationView = {
  introduction: [], current: 2, total: 12, steps: [toldStep], activities: [], measures: [],
};
const workload: NarratedActivity = {
  type: 'repeat', index: 3, clients: ['c1', 'c2'], invoked: 7, times: 30, waiting: ['c1'],
};
export const narrationExamples: Examples<typeof narration> = {
  progressText: [[told], [{ current: 12, total: 12 }], [{ current: 1, total: 1 }]],
  foldedText: [[told], [{ ...told, current: 12, steps: [{ ...toldStep, state: 'done' }] }]],
  stepTitle: [[toldStep], [{ ...toldStep, state: 'done' }], [{ ...toldStep, state: 'next' }]],
  activityText: [
    [workload],
    [{ type: 'repeat', index: 3, clients: ['c1'], invoked: 7, waiting: [] }],
    [{ type: 'nemesis', index: 2, undo: [] }],
    [{ type: 'nemesis', index: 2, undo: ['heal n1 -> n2', 'heal n2 -> n1'] }],
  ],
};
