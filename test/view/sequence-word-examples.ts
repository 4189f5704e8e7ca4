/** Calls of the functions that make the words of the Sequence panel. */
import type { Moment } from '../../src/view/contract.ts';
import type * as sequence from '../../src/view/panel-words/sequence.ts';
import {
  defaultSelection, type SequenceItem, type SequenceSelection,
} from '../../src/view/sequence/sequence-view.ts';
import { makeSequence } from '../webview/views.ts';
import type { Examples } from './examples.ts';

const logicalClock = { lamport: 12, vector: { n1: 4, n3: 5 } };
const when = { step: 57, at: 1_204_000, current: false };
const item: Extract<SequenceItem, { type: 'message' }> = {
  type: 'message',
  id: 'n1->n3#4',
  from: 'n1',
  to: 'n3',
  messageType: 'AppendEntries',
  label: 'AppendEntries term 3',
  fields: 'term 3, leaderId n1',
  outcome: 'in-flight',
  ...when,
};
const event: Extract<SequenceItem, { type: 'event' }> = {
  type: 'event', node: 'n3', name: 'TermChanged', fields: 'from 1 to 2', ...when,
};
const items: SequenceItem[] = [
  item,
  { ...event, current: true },
  { ...event, pending: true, stop: true, current: true },
  { ...event, name: 'Restarted', fields: '', future: true },
  { type: 'timer', node: 'n2', timer: 'election', ...when },
  { type: 'operation', nodes: ['A'], text: 'A invokes lock order42', operation: '1', ...when },
  { type: 'answer', node: 'A', operation: '1', ok: true, text: 'token 33', ...when },
  { type: 'answer', node: 'A', operation: '1', ok: false, text: 'token 33 is older', ...when },
  { type: 'fault', nodes: ['n1'], text: 'n1 crashes', ...when },
];
const each = items.map((one): [SequenceItem] => [one]);
const nodes = ['n1', 'n2', 'n3', 'A'].map((id) => ({ id, about: [] }));
const chosen: SequenceSelection = {
  ...defaultSelection,
  from: 12,
  nodes: ['n1'],
  hiddenMessages: ['RequestVote'],
  cone: { type: 'step', step: 57 },
};

export const sequenceExamples = (moment: Moment): Examples<typeof sequence> => ({
  sequencePosition: [
    [moment, 'stopped'],
    [moment, 'running'],
    [moment, 'ended'],
  ],
  outcomeWord: [['delivered'], ['in-flight'], ['lost'], ['refused'], ['reset']],
  itemInWords: [...each, [{ ...item, repeated: { times: 33, since: 25 } }]],
  itemLabel: each,
  shortLabel: each,
  itemTitle: [
    [item],
    [{ ...item, sentAt: logicalClock, receivedAt: { lamport: 13, vector: { n1: 4, n3: 6 } } }],
    [{ ...event, logicalClock }],
  ],
  gapText: [
    [{ span: 148_000, folded: 0 }],
    [{ span: 148_000, folded: 12 }],
    [{ span: 0, folded: 1 }],
  ],
  timeLabel: [[152_345]],
  repeatedText: [[{ folded: 0 }], [{ folded: 1 }], [{ folded: 12 }]],
  spokenSequence: [[makeSequence(nodes, items)], [makeSequence(nodes, [item])]],
  filterCount: [[defaultSelection], [chosen]],
  filterButton: [[defaultSelection], [chosen]],
  foldedText: [[{ folded: 0 }], [{ folded: 12 }]],
  requestText: [[{ text: 'A invokes lock order42', step: 12 }]],
  coneOfStepText: [[57]],
  earlierActions: [[1], [12]],
  crowdText: [[10, 100]],
  drawingFailed: [['Parse error on line 2:\n p0->>\n Expecting ACTOR'], ['No diagram type detected.']],
});
