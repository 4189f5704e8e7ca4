/** What a search from an editor says: the words of `lockstep explore`, with an editor's names. */
import { reasonSentence } from '../../check/verdict-words.ts';
import type { FindResult } from '../../dap/find/finder.ts';
import type { BrokenBefore, Finding, FindRefused, Searched } from '../../explore/find/found.ts';
import type { WrongRequest } from '../../explore/find/request.ts';
import type { SavedFinding } from '../../explore/find/saved-finding.ts';
import { faults, noFaults, noLimits } from '../../explore/budgets.ts';
import { modeNames } from '../../explore/modes.ts';
import { problemOf } from '../../explore/search/of-scenario.ts';
import { symmetryOf } from '../../explore/symmetry/alike.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { timeText } from '../../kernel/text/duration.ts';
import type { Units } from '../../kernel/text/data-text.ts';
import { endNames } from './ended.ts';
import { symmetryText } from '../explore/symmetry-words.ts';
import { type LimitNames, type Names, promisedText, verdictLines } from '../explore/words.ts';

/** The modes that can leave out states. */
const searching = [...modeNames('both'), ...modeNames('run')];

const names: LimitNames = {
  depth: 'the limit of actions', messages: 'the limit of messages in flight',
  states: 'the limit of states', ...endNames,
  within: 'the condition of the states', reach: 'the condition to reach',
  'leads to': 'the condition to reach', untimed: 'the untimed meaning of time',
  seeds: 'the limit of runs', reduction: 'the request',
};

/** The same from a moment of a run: the actions up to it are not counted. */
const namesFromMoment: Names = { ...names, from: 'the moment where you searched' };

/** `isFromStart`: no action was taken before the search. */
export function resultOf(
  { shown, before, finding }: Searched,
  units: Units,
  isFromStart: boolean,
): FindResult {
  const own = isFromStart ? names : namesFromMoment;
  const { verdict } = shown;
  return {
    outcome: verdict.type,
    lines: [
      ...verdictLines(shown, units, own),
      ...(finding?.isCutShort === true ? ['not shrunk further: the search was cancelled'] : []),
    ],
    brokenBefore: before.map((one) => brokenBeforeText(one, units)),
    ...('states' in verdict ? { states: verdict.states } : { runs: verdict.runs }),
    ...('reduction' in verdict && verdict.reduction && { reduction: verdict.reduction }),
    cut: verdict.cut,
    ...noticeOf(shown),
    ...(finding && { finding: foundOf(finding, units) }),
  };
}

/** What breaks beyond the bounds of a scenario, in a sentence for a notification. */
function noticeOf(shown: Searched['shown']): Pick<FindResult, 'notice'> {
  if (shown.kind === 'walk' || shown.notice === undefined) return {};
  const { time, faults: budget, verdict: { subject } } = shown.notice;
  const given = faults.filter((fault) => budget[fault] > 0);
  const conditions = [
    ...given.map((fault) => faultTexts[fault](budget[fault])),
    ...(time === 'untimed' ? ['messages and timers in any order'] : []),
  ];
  return {
    notice: {
      text: `With ${listed(conditions)}, it breaks "${promisedText(subject)}".`,
      time,
      faults: given.map((fault) => `${fault}=${budget[fault]}`).join(','),
    },
  };
}

const counted = (one: string, many: string) => (count: number) =>
  count === 1 ? `a ${one}` : `${count} ${many}`;

const faultTexts: Readonly<Record<(typeof faults)[number], (count: number) => string>> = {
  crashes: counted('crash', 'crashes'),
  drops: counted('lost message', 'lost messages'),
  duplicates: counted('duplicate', 'duplicates'),
  partitions: counted('partition', 'partitions'),
};

/** `a crash, a lost message and a duplicate`. */
function listed(parts: readonly string[]): string {
  const [last = ''] = parts.slice(-1);
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

function foundOf(
  { subject, reason, actions, isAtEnd }: Finding,
  units: Units,
): NonNullable<FindResult['finding']> {
  const isReached = reason.code === 'reached';
  return {
    promise: 'text' in subject && isReached ? subject.text : promisedText(subject),
    why: whyText(reason, units),
    actions,
    ends: isReached ? 'reached' : isAtEnd ? 'broken at its end' : 'broken',
  };
}

function whyText(reason: Finding['reason'], units: Units): string {
  if (reason.code === 'reached') return 'reached';
  if (reason.code === 'not-reached') return `not reached within ${timeText(reason.within)}`;
  return reasonSentence(reason, units);
}

function brokenBeforeText({ subject, reason, step }: BrokenBefore, units: Units): string {
  return `${promisedText(subject)}: ${whyText(reason, units)} (step ${step})`;
}

export function refusedText(why: FindRefused, units: Units): string {
  switch (why.code) {
    case 'run ended':
      return 'Nothing can happen after this moment: go back to an earlier step, and search there.';
    case 'broken already':
      return (
        `This run has broken the promise already: ${brokenBeforeText(why.before, units)}. ` +
        'Go back to a step before that, and search there.'
      );
    case 'other run':
      return (
        'This run is not possible with the present code: restart the session, and search again.'
      );
  }
}

export function wrongText(wrong: WrongRequest): string {
  switch (wrong.code) {
    case 'mode':
    case 'node':
    case 'target':
      return `There is no ${wrong.code} \`${wrong.found}\` (${wrong.hint}).`;
    case 'faults':
      return `"faults": ${wrong.why}.`;
    case 'limit':
      return `"limits.${wrong.name}" must be a positive integer, not ${String(wrong.found)}.`;
    case 'not for walks':
      return (
        `"${wrong.field}" does not apply to mode ${wrong.mode}: leave it out, or choose from ` +
        `${searching.join(', ')}.`
      );
    case 'condition':
      return `"${wrong.of}":1:${wrong.column}: ${wrong.why}.`;
    case 'time':
      return (
        `"within" in "leadsTo" must be a time above zero, such as 10s, not \`${wrong.found}\`.`
      );
    case 'no nodes':
      return '"on" must name at least one node: leave it out for all nodes.';
    case 'two aims':
      return 'Choose one of "target", "reach" and "leadsTo".';
    case 'timed target':
      return (
        `"${wrong.name}" reads the time, which stands still in an untimed search: search timed.`
      );
  }
}

/** What a search says of nodes that are alike; undefined if no role declares any. */
export function alikeText(scenario: Scenario): string | undefined {
  const setting = { time: 'untimed', faults: noFaults } as const;
  const symmetry = symmetryOf(problemOf(scenario, setting, { limits: noLimits, targets: {} }));
  return symmetry && symmetryText(symmetry, names);
}

const notSavedTexts: Readonly<Record<(SavedFinding & { notSaved: string })['notSaved'], string>> = {
  'not a promise': 'what was searched for is not a promise of a scenario',
  'not schedulable':
    'without its latencies, losses and later steps, the run does not break the promise',
  'no words': 'the steps of a scenario cannot say what happens in this run',
  'too long': 'the run is too long to find out what it needs; search from an earlier moment',
};

export function notSavedText(saved: Extract<SavedFinding, { notSaved: string }>): string {
  return notSavedTexts[saved.notSaved];
}
