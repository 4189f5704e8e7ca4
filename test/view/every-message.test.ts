/** Every word that the panels show, in one text to be read in one sitting. */
import { parse } from 'acorn';
import { transform } from 'sucrase';
import { describe, expect, test } from 'vitest';
import type {
  ActionView,
  Ending,
  LogView,
  MessageView,
  Moment,
  NodeView,
  SequenceItem,
  VerdictView,
} from '../../src/view/contract.ts';
import * as words from '../../src/view/panel-words.ts';
import { readSources } from '../architecture/source.ts';
import { expectGolden } from '../golden.ts';

type Words = typeof words;
type FunctionName = {
  [Name in keyof Words]: Words[Name] extends (...args: never[]) => unknown ? Name : never;
}[keyof Words];
type Examples = { [Name in FunctionName]: Parameters<Words[Name]>[] };

const action: ActionView = {
  command: 'deliver n1->n3#4',
  sentence: 'n3 receives AppendEntries from n1',
  isCommandEnough: false,
  events: [
    { name: 'TermChanged', fields: 'from 1, to 2' },
    { name: 'Restarted', fields: '' },
  ],
  replies: [],
};
const plain: ActionView = {
  command: 'A lock order42',
  sentence: 'A invokes lock order42',
  isCommandEnough: true,
  events: [],
  replies: [],
};
const eventful: ActionView = {
  ...plain,
  failure: 'out of luck',
  replies: [
    { operation: 'A#1', ok: true, result: '34' },
    { operation: 'A#2', ok: false, result: 'lock lost' },
  ],
};
const moment: Moment = {
  title: 'One write',
  scenario: 'write.scenario.yaml',
  branch: 0,
  step: 57,
  steps: 184,
  time: 1_204_000,
  action,
  stop: { type: 'found', what: 'TermChanged at n3' },
};
const entered = { position: 'inside', sentence: action.sentence } as const;
const node: NodeView = {
  id: 'n1',
  role: 'replica',
  status: 'running',
  standing: 'leader',
  tone: 'lead',
  epoch: { name: 'term', value: 3 },
  acted: true,
  facts: [],
  timers: [],
  clock: { offset: 0, drift: 0 },
  waiting: 0,
};
const redis: NodeView = { ...node, id: 'redis', role: 'redis', standing: '', acted: false };
const message: MessageView = {
  id: 'n1->n3#4',
  from: 'n1',
  to: 'n3',
  type: 'AppendEntries',
  fields: 'term 3, entries 1',
  progress: 0,
  left: 2_700,
  next: true,
  fresh: true,
};
const entry: LogView['entries'][number] = {
  index: 7,
  epoch: 3,
  label: 'put x 1',
  committed: false,
  applied: false,
  changed: false,
};
const verdicts: VerdictView[] = [
  { type: 'holds', subject: 'event LeaderElected', sentence: '' },
  { type: 'violated', subject: 'Election Safety', sentence: 'n1 and n2 lead term 3', step: 7 },
  { type: 'unknown', subject: 'end: n1.term == 1', sentence: 'there is no n1' },
];
const item: SequenceItem = {
  type: 'message',
  id: 'n1->n3#4',
  from: 'n1',
  to: 'n3',
  label: 'AppendEntries term 3',
  outcome: 'in-flight',
  step: 57,
  current: false,
};
const items: SequenceItem[] = [
  item,
  { type: 'event', node: 'n3', ...action.events[0]!, step: 57, current: true },
  { type: 'operation', nodes: ['A'], text: 'A invokes lock order42', step: 1, current: false },
  { type: 'fault', nodes: ['n1'], text: 'n1 crashes', step: 2, current: false },
];

function endingWith(...types: VerdictView['type'][]): Ending {
  const counts = { holds: 0, violated: 0, unknown: 0 };
  for (const type of types) counts[type]++;
  const chosen = types.map((type) => verdicts.find((verdict) => verdict.type === type)!);
  return { stoppedEarly: false, verdicts: chosen, counts };
}

const early: Ending = { ...endingWith(), stoppedEarly: true };
const mixed = endingWith('holds', 'violated', 'holds', 'unknown');

const examples: Examples = {
  branchName: [[0], [1]],
  stepCount: [[moment]],
  sliderPosition: [[moment]],
  actionSummary: [[action], [plain], [eventful]],
  afterCommand: [
    [moment],
    [{ ...moment, action: plain }],
    [{ ...moment, action: eventful }],
    [{ ...moment, entered }],
  ],
  eventInWords: [[action.events[0]!], [action.events[1]!]],
  enteredText: [
    [entered],
    [{ position: 'before', sentence: action.sentence }],
    [{ position: 'inside' }],
  ],
  stopReason: [
    [{ type: 'entry' }],
    [{ type: 'end' }],
    [{ type: 'pause' }],
    [{ type: 'step' }],
    [{ type: 'goto' }],
    [moment.stop],
  ],
  spokenMoment: [
    [moment],
    [{ ...moment, entered }],
    [{ ...moment, action: plain, stop: { type: 'step' } }],
  ],
  endingSummary: [
    [early],
    [endingWith()],
    [endingWith('holds')],
    [endingWith('holds', 'holds')],
    [endingWith('violated', 'violated')],
    [endingWith('violated', 'holds')],
    [mixed],
  ],
  ended: [[early], [mixed]],
  verdictLine: verdicts.map((verdict) => [verdict]),
  spokenEnding: [[early], [mixed]],
  aboutNode: [[node], [redis]],
  nodeCaption: [
    [node],
    [redis],
    [{ ...node, status: 'crashed' }],
    [{ ...node, status: 'paused' }],
    [{ ...redis, status: 'paused' }],
    [{ ...redis, status: 'paused', waiting: 2 }],
  ],
  nodeInWords: [[node], [{ ...node, status: 'paused' }], [{ ...redis, epoch: undefined! }]],
  epochText: [[{ name: 'term', value: 3 }]],
  clockText: [
    [{ offset: 0, drift: 0 }],
    [{ offset: 5_000, drift: 0.0002 }],
    [{ offset: -2_000_000, drift: -0.00005 }],
  ],
  waitingText: [[2]],
  timerText: [[{ name: 'election', left: 131_000, span: 173_000 }]],
  messageDetails: [[message], [{ ...message, fields: '' }]],
  deliverLabel: [[message]],
  markerTitle: [[message]],
  cutTitle: [[{ from: 'n1', to: 'n2', bothWays: true }], [{ from: 'n1', to: 'n2', bothWays: false }]],
  cutsInWords: [
    [
      [
        { from: 'n1', to: 'n2', bothWays: true },
        { from: 'n1', to: 'n3', bothWays: false },
      ],
    ],
  ],
  islandName: [[0], [1]],
  islandsInWords: [
    [
      [
        ['n1', 'n2'],
        ['n3', 'n4', 'n5'],
      ],
    ],
  ],
  entryState: [
    [entry],
    [{ ...entry, committed: true }],
    [{ ...entry, committed: true, applied: true }],
  ],
  entryTitle: [[entry]],
  spokenEntry: [[entry], [{ ...entry, changed: true }]],
  sequencePosition: [
    [moment, 'stopped'],
    [moment, 'running'],
    [moment, 'ended'],
  ],
  outcomeWord: [['delivered'], ['in-flight'], ['lost'], ['refused']],
  itemInWords: items.map((one) => [one]),
  itemTitle: [[item]],
  earlierActions: [[1], [12]],
  drawingFailed: [['Parse error on line 2:\n p0->>\n Expecting ACTOR'], ['No diagram type detected.']],
};

const exported = new Map<string, unknown>(Object.entries(words));

describe('the words of the panels', () => {
  test('can be read in one text', () => {
    const lines: string[] = [];
    for (const [name, value] of exported) {
      if (typeof value === 'function') continue;
      lines.push(`# ${name}`, ...Object.values(value as Record<string, string>), '');
    }
    for (const [name, calls] of Object.entries<unknown[][]>(examples)) {
      const word = exported.get(name) as (...args: unknown[]) => string | string[];
      const texts = calls.map((args) => [word(...args)].flat().join(' · '));
      lines.push(`# ${name}`, ...texts.map((text) => (text === '' ? '(nothing)' : text)), '');
    }
    expectGolden(import.meta.url, 'every-message', lines.join('\n'));
  });

  test('have an example each', () => {
    const functions = [...exported].filter(([, value]) => typeof value === 'function');
    expect(functions.map(([name]) => name).sort()).toEqual(Object.keys(examples).sort());
    for (const calls of Object.values(examples)) expect(calls).not.toEqual([]);
  });

  test('are all in one module: the templates of the panels contain none', () => {
    expect(readSources('webview').flatMap(({ path, text }) => wordsInTemplates(path, text))).toEqual([]);
    const planted = 'const part = html`<p title="In words">${a} is <b>late</b></p>`;';
    expect(wordsInTemplates('x.ts', planted)).toEqual([
      'x.ts: In words',
      'x.ts: is',
      'x.ts: late',
    ]);
  });
});

/** Attributes whose values are shown or spoken. */
const spoken = /\s(?:title|aria-label|aria-valuetext|aria-description|placeholder|alt)="([^"]*)"/g;
/** A sample of a log entry in the legend. */
const symbols = /^x$/;

/** Words between the tags, and in spoken attributes, of `html` and `svg` templates. */
function wordsInTemplates(path: string, text: string): string[] {
  const { code } = transform(withoutDecorators(text), { transforms: ['typescript'] });
  const found: string[] = [];
  visit(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }), (node) => {
    if (node.type !== 'TaggedTemplateExpression') return;
    if (!['html', 'svg'].includes((node.tag as { name?: string }).name ?? '')) return;
    const { quasis } = node.quasi as { quasis: { value: { raw: string } }[] };
    const markup = quasis.map(({ value }) => value.raw).join('\u0000');
    const attributes = [...markup.matchAll(spoken)].map(([, value]) => value!);
    const between = markup.replace(/<[^>]*>/g, '\u0000').split('\u0000');
    const shown = [...attributes, ...between].map((part) => part.trim());
    found.push(...shown.filter((part) => /\p{Letter}/u.test(part) && !symbols.test(part)));
  });
  return found.map((part) => `${path}: ${part}`);
}

function withoutDecorators(text: string): string {
  return text.replace(/@\w+\((?:[^()]|\([^()]*\))*\)/g, '');
}

interface Tree {
  readonly type: string;
  readonly [field: string]: unknown;
}

function visit(node: unknown, call: (node: Tree) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if ('type' in node) call(node as Tree);
  for (const part of Object.values(node)) visit(part, call);
}
