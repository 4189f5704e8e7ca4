/** Of the words of the Space-Time panel, the arguments of some calls. */
import type * as spacetime from '../../../src/view/panel-words/spacetime.ts';
import type { ConeAnswer } from '../../../src/view/spacetime/spacetime-view.ts';
import type { Examples } from '../examples.ts';

const counts = { past: 12, future: 300, concurrent: 4 };
const cone: ConeAnswer = { type: 'cone', step: 43, node: 2, lamport: 9, past: [], future: [], counts };
const message = { from: 'n1', to: 'n3', outcome: 'delivered' } as const;
const received = { kind: 'message', node: 'n3', label: 'AppendEntries', message } as const;
const step = { node: 'n3', label: 'election' };

export const spacetimeExamples: Examples<typeof spacetime> = {
  timeLabel: [[197_400], [0, 1_000], [850, 50], [12_500, 500], [1_204_000, 100_000], [3_000_000, 1_000_000]],
  stepLabel: [[0], [120]],
  gapLabel: [[148_000]],
  laneName: [[{ title: '' }], [{ title: 'branch 2' }], [{ title: 'lock.broken.scenario.yaml' }]],
  rowsText: [[1, 12, 40]],
  rowsShort: [[3, 14, 40]],
  branchChoice: [[0, 0], [2, 57]],
  twinChoice: [['lock.broken.scenario.yaml'], ['lock.scenario.yaml']],
  stepSentence: [
    [{ kind: 'start', node: '', label: 'start' }],
    [received],
    [{ ...received, message: { ...message, outcome: 'refused' } }],
    [{ ...received, message: { ...message, outcome: 'lost' } }],
    [{ ...received, message: { ...message, outcome: 'reset' } }],
    [{ ...step, kind: 'timer' }],
    [{ kind: 'operation', node: 'app', label: 'put x 1' }],
    [{ kind: 'fault', node: 'n3', label: 'n3 crashes' }],
    [{ kind: 'other', node: 'n3', label: 'a write of n3 is on disk' }],
  ],
  stepTime: [[43, 152_000]],
  coneSentence: [[cone]],
  relationWord: [['before'], ['after'], ['concurrent'], ['same'], ['']],
  searchText: [
    [{ found: 0, current: 0, share: 0.5, failed: 0 }],
    [{ found: 1, current: 0, share: 1, failed: 0 }],
    [{ found: 10, byRun: [5, 5], current: 0, share: 1, failed: 0 }],
    [{ found: 11, byRun: [5, 6], current: 0, share: 1, failed: 0 }],
    [{ found: 14, current: 3, share: 0.42, failed: 0 }],
    [{ found: 14, current: 0, share: 1, failed: 0, left: 2 }],
    [{ found: 0, current: 0, share: 1, failed: 0 }],
    [{ found: 0, current: 0, share: 1, failed: 37, why: 'there is no field `trem`' }],
  ],
  pickedText: [[1, 8], [3, 8], [8, 8]],
  searchFault: [[{ message: 'there is no node `n9`', start: 0, end: 2 }]],
  differenceLabel: [[0], [57]],
  differenceSentence: [
    [-1, { type: 'none' }],
    [0, { type: 'nodes' }],
    [31, { type: 'length', shorter: 'first' }],
    [31, { type: 'length', shorter: 'second' }],
    [57, { type: 'action', first: 'n1 crashes', second: 'n2 receives RequestVote from n1' }],
    ...(['threw', 'reported', 'sent', 'replied', 'timers'] as const).map(
      (kind): [number, Parameters<typeof spacetime.differenceSentence>[1]] => [
        57,
        { type: 'effects', kind, action: 'db receives Write from A', first: 'WriteFenced', second: '' },
      ],
    ),
  ],
  loadingText: [[512, 100_001]],
  missingTwin: [['lock.broken.scenario.yaml']],
  moreChanges: [[3]],
  pictureText: [
    [5, 229, 1_700_000, 137], [5, 229, 1_700_000, -1], [5, 229, undefined, 137],
  ],
  baseText: [['step 43, 152 ms: n3 receives AppendEntries from n1', cone], ['step 0', undefined]],
};
