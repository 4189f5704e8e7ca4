/** Of the words of the History panel, the arguments of some calls. */
import { marksOf } from '../../src/view/history/draw-intervals.ts';
import type {
  HistoryPart, ModelVerdictView, OperationView, ViolatedView, WitnessView,
} from '../../src/view/history/history-view.ts';
import type * as history from '../../src/view/panel-words/history.ts';
import type { Examples } from './examples.ts';

const write: OperationView = {
  index: 0,
  process: 'c1',
  text: 'write x 4 → ok',
  outcome: 'ok',
  invoked: 0,
  returned: 2,
  invokedStep: 3,
  endedStep: 9,
};
const read: OperationView = {
  index: 1,
  process: 'c2',
  text: 'read x → 3',
  outcome: 'ok',
  invoked: 3,
  returned: 4,
  invokedStep: 12,
  endedStep: 12,
};
const unknown: OperationView = {
  index: 2,
  process: 'c3',
  text: 'write x 5',
  outcome: 'unknown',
  invoked: 5,
  invokedStep: 14,
};
const transaction: OperationView = {
  index: 3, process: 'A', text: 'T1 (A): r x nil, append y 1', outcome: 'ok', invoked: 6, returned: 7,
};
const witness: WitnessView = {
  operations: [write, read],
  edges: [
    { from: 0, to: 1, because: 'real time' },
    { from: 1, to: 0, because: 'read before write' },
  ],
  longest: [0],
  blocked: [1],
};
const holds: ModelVerdictView = { model: 'eventual', doc: '', lines: [], type: 'holds' };
const violated: ViolatedView = {
  model: 'linearizable', doc: '', lines: [], type: 'violated', witness, validUntil: 4,
};
const checking: ModelVerdictView = { ...holds, model: 'sequential', type: 'checking' };
const found = marksOf(violated);
const whole: HistoryPart = { operations: [write, read, unknown], before: 0, after: 0 };
const cut: HistoryPart = { operations: [write, read, unknown], before: 1_000, after: 2_000 };

export const historyExamples: Examples<typeof history> = {
  verdictName: [
    [holds], [violated], [checking],
    [{ ...holds, type: 'unknown' }], [{ ...holds, type: 'stopped' }],
  ],
  edgeLabel: [
    [{ from: 0, to: 1, because: 'reads from' }],
    [{ from: 0, to: 1, because: 'read before write' }],
    [{ from: 0, to: 1, because: 'rw', key: 'x' }],
  ],
  operationTitle: [[write], [transaction]],
  operationInWords: [[write, found], [read, found], [unknown, found], [unknown, marksOf(undefined)]],
  partText: [[{ ...whole, operations: [write] }], [whole], [cut]],
  partInWords: [[whole, 3, found], [{ ...whole, operations: [read] }, 1, marksOf(undefined)]],
  prefixText: [[violated, [write, read]], [violated, [write]], [{ ...violated, validUntil: undefined }, []]],
  witnessTitle: [['linearizable']],
  witnessInWords: [[witness], [{ ...witness, operations: [read], edges: [], blocked: [] }]],
  leftOutText: [[0], [12]],
  limitReached: [[{ limit: 'steps', max: 20_000_000 }], [{ limit: 'memory', max: 1_000_000_000 }]],
  lacksSpecification: [[['sing', 'dance']]],
  problemText: [['lost-update.edn', { line: 3, column: 5, message: 'expected a value' }]],
  spokenVerdicts: [[[holds, violated]], [[holds, checking]]],
  runText: [['../raft/first-election.scenario.yaml', 7]],
  keptText: [[57]],
};
