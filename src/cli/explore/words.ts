/** What `lockstep explore` says of a search: lines for people, and one JSON object for tools. */
import { reasonSentence, subjectText, verdictMarks } from '../../check/verdict-words.ts';
import { faults } from '../../explore/budgets.ts';
import type {
  BreakReason, Cut, Exploration, Extent, Promised, Unknown, WalkExtent, Walked,
} from '../../explore/verdict.ts';
import type { Shown } from '../../explore/find/found.ts';
import { waysMost } from '../../explore/search/successors.ts';
import { timeText } from '../../kernel/text/duration.ts';
import type { Units } from '../../kernel/text/data-text.ts';
import type { BeyondBounds, Notice } from '../../explore/auto/beyond.ts';
import { triedLines, untriedLines } from './beyond-words.ts';
import { countText, numberText } from './count-text.ts';
import { noReductionText } from './reduction-words.ts';
import { symmetryText } from './symmetry-words.ts';

/** How limits and targets are called where the user sets them: as options, or in an editor. */
export type LimitNames = Readonly<Record<
  'depth' | 'messages' | 'states' | 'bytes' | 'time' | 'within' | 'reach' | 'leads to' | 'untimed' |
  'seeds' | 'reduction',
  string
>>;

/**
 * And from where the actions of a run are counted, if not from its start; on the command line, the
 * command that takes more options.
 */
export type Names = LimitNames & { readonly from?: string; readonly command?: string };

export const optionNames: LimitNames = {
  depth: '--max-depth', messages: '--max-messages', states: '--max-states', bytes: '--max-memory',
  time: '--for', within: '--inside', reach: '--reach', 'leads to': '--leads-to',
  untimed: '--untimed', seeds: '--seeds', reduction: '--no-reduction',
};

const cutTexts: Readonly<Record<Cut, (names: Names) => string>> = {
  depth: (names) => `longer runs were left out (${names.depth})`,
  messages: (names) =>
    `states with more messages in flight were not explored further (${names.messages})`,
  within: (names) => `states outside ${names.within} were not explored further`,
  times: () =>
    'each action was tried only at its earliest time, with the random values of the seed',
  boots: () =>
    'of what nodes draw when the run begins, only the numbers of the seed were tried: draw in ' +
    'the handler of a timer or a message to have all tried',
  losses: () => 'of the losses and duplicates that links draw, only those of the seed were tried',
  partitions: () => 'with more than 5 nodes, only single nodes were cut off',
  continuations: (names) =>
    `${names['leads to']} was tried with one run from each state, the one that the seed draws`,
  ends: () => 'no run ended, so what is expected at the end was not judged',
  spent: () => 'in runs with faults, it was not judged whether what must happen does',
  undecided: () => 'of some histories, it was not decided whether their model has them',
  draws: () =>
    `of a step that draws in over ${numberText(waysMost)} ways, only that of the seed was tried`,
  states: (names) => `more states were left out (${names.states})`,
  bytes: (names) => `more states were left out (${names.bytes})`,
};

/** What a mode found out. */
export type Answer = Shown;

/** The verdict, and below it how far it reaches. */
export function verdictText(answer: Answer, units: Units, command: string): string {
  const [first, ...more] = verdictLines(answer, units, { ...optionNames, command });
  return [first, ...more.map((line) => `    ${line}`), ''].join('\n');
}

export function verdictLines(answer: Answer, units: Units, names: Names): string[] {
  const { outside } = answer;
  const notice = 'notice' in answer ? answer.notice : undefined;
  // What was tried before the notice, so that no violation is said of what follows it.
  return [
    ...ownLines(answer, units, names),
    ...(outside === undefined ? [] : triedLines(outside)),
    ...(notice === undefined ? [] : noticeLines(notice, units, names)),
    ...(outside === undefined ? [] : untriedLines(outside, 'beyond' in answer)),
  ];
}

function ownLines(answer: Answer, units: Units, names: Names): string[] {
  if (answer.kind === 'walk') {
    const { verdict, beyond } = answer;
    return [
      walkHeadline(verdict, units, names),
      ...walkLines(answer, names),
      ...(beyond === undefined ? [] : beyondLines(beyond, units, names)),
    ];
  }
  const { verdict, runs } = answer;
  return [
    headline(verdict, units, names),
    ...extentLines(verdict, names),
    ...besides(runs),
  ];
}

function beyondLines({ slower, within }: BeyondBounds, units: Units, names: Names): string[] {
  return [
    ...(slower === undefined
      ? []
      : [`beyond the scenario: messages took up to ${slower} times its latency`]),
    `with the latency of the scenario and without faults: ${withinText(within, units, names)}`,
  ];
}

/** The limit that ended a first search there is our own. */
function withinText(within: Exploration, units: Units, names: Names): string {
  if (within.type === 'unknown' && within.why.code === 'stopped' && within.why.at === 'states') {
    return `no violation in the first ${numberText(within.states)} states`;
  }
  return headline(within, units, names).replace(/^\S+ /, '');
}

function noticeLines(notice: Notice, units: Units, names: Names): string[] {
  const { verdict } = notice;
  const { subject, reason, trace: { actions } } = verdict;
  return [
    `beyond the scenario, ${brokenText(subject, reason, units)} ` +
      `(${afterText(actions.length, names)})`,
    `there: ${settingText(verdict)}`,
    names.command === undefined
      ? 'choose these faults and this meaning of time to see it'
      : `see it with \`${names.command} ${noticeOptions(notice)}\``,
  ];
}

/** The options that show what a notice is about. */
export function noticeOptions({ time, faults: budget }: Pick<Notice, 'time' | 'faults'>): string {
  const given = faults.filter((fault) => budget[fault] > 0).map((one) => `${one}=${budget[one]}`);
  return [
    ...(time === 'untimed' ? ['--untimed'] : []),
    ...(given.length > 0 ? [`--faults ${given.join(',')}`] : []),
  ].join(' ');
}

function walkHeadline(walked: Walked, units: Units, names: Names): string {
  const mark = verdictMarks[walked.type];
  if (walked.type === 'violated') {
    const { subject, reason, seed, trace: { actions } } = walked;
    const why = brokenText(subject, reason, units);
    // From a moment of a session, no option of the command takes the run of that seed again.
    const which = names.command === undefined ? '' : `seed ${seed}, `;
    return `${mark} ${why} (${which}${afterText(actions.length, names)})`;
  }
  const { why, runs } = walked;
  const after = `after ${countText(runs, 'run')} without a violation`;
  if (why.code === 'reads-clock') return `${mark} unknown: ${unknownText(why, names)} ${after}`;
  return `${mark} unknown: stopped at ${names[why.at]} ${after}`;
}

function besides(runs: Walked | undefined): string[] {
  if (runs === undefined || runs.runs === 0) return [];
  return [`beside it, ${countText(runs.runs, 'run')} found no violation`];
}

/** What was broken, and why. */
function brokenText(subject: Promised, reason: BreakReason, units: Units): string {
  const name = promisedText(subject);
  if (reason.code === 'reached') return `reached: ${'text' in subject ? subject.text : name}`;
  if (reason.code !== 'not-reached') return `violated: ${name}: ${reasonSentence(reason, units)}`;
  return `violated: ${name}: not reached within ${timeText(reason.within)} once faults stop`;
}

function walkLines(
  { mode, verdict: walked }: Extract<Answer, { kind: 'walk' }>,
  names: Names,
): string[] {
  const { runs, seeds, transitions, depth, cut } = walked;
  const which = seeds === undefined ? '' : ` (seeds ${seeds[0]}..${seeds[1]})`;
  const lines = [
    settingText(walked),
    ...unjudgedLines(walked),
    `mode ${mode}: ${countText(runs, 'run')}${which} of up to ${countText(depth, 'action')}, ` +
      `${numberText(transitions)} in all`,
    ...(cut.length > 0 ? [`longer runs ended there (${names.depth})`] : []),
  ];
  if (walked.type !== 'violated') return lines;
  const { before, trace: { actions } } = walked;
  return [...lines, `shrunk from ${countText(before, 'action')} to ${actions.length}`];
}

/** `after 9 actions`, or `9 actions after the moment where you searched`. */
function afterText(length: number, { from }: Names): string {
  const count = countText(length, 'action');
  return from === undefined ? `after ${count}` : `${count} after ${from}`;
}

function headline(explored: Exploration, units: Units, names: Names): string {
  const mark = verdictMarks[explored.type];
  const count = countText(explored.states, 'state');
  switch (explored.type) {
    case 'holds':
      return `${mark} holds in all ${count} within these bounds`;
    case 'unknown':
      return `${mark} unknown: ${unknownText(explored.why, names)} after ${count}`;
    case 'violated': {
      const { subject, reason, trace: { actions } } = explored;
      const why = brokenText(subject, reason, units);
      return `${mark} ${why} (${afterText(actions.length, names)})`;
    }
  }
}

export function promisedText(subject: Promised): string {
  if (subject.kind === 'reach') return `reach ${subject.text}`;
  return subject.kind === 'leads to' ? `leads to ${subject.text}` : subjectText(subject);
}

function unknownText(why: Unknown, names: Names): string {
  if (why.code === 'reads-clock') {
    const handler = `the handler of ${why.handler} at ${why.node}`;
    return `${handler} reads a clock, so run without ${names.untimed}; stopped`;
  }
  if (why.code === 'condition-failed') {
    const option = names[why.of];
    return `${option} has no value in some state (${why.failure.why}): ended`;
  }
  if (why.code === 'too-long') {
    return `${names['leads to']} was not reached in ${numberText(why.actions)} actions: ended`;
  }
  if (why.code === 'long-draw') {
    return `a step draws in more than ${numberText(why.most)} ways, and not all were tried: ended`;
  }
  return `stopped at ${names[why.at]}`;
}

function extentLines(extent: Exploration, names: Names): string[] {
  const { depth, cut, symmetry, reduction, time } = extent;
  const isWhole = cut.length === 0 && extent.unjudged === undefined;
  const none = reduction !== undefined && 'none' in reduction ? reduction.none : undefined;
  return [
    settingText(extent),
    ...unjudgedLines(extent),
    ...(symmetry === undefined ? [] : [symmetryText(symmetry, names)]),
    `${takenText(extent)}, runs of up to ${depth} actions; states are told apart by 64-bit hashes`,
    // With time there never is one.
    ...(none === undefined || time === 'timed' ? [] : [noReductionText(none, names)]),
    ...(extent.type === 'holds' && isWhole ? ['the bounds left nothing out'] : []),
    ...endedOutside(extent, names),
    ...cut.map((one) => cutText(one, extent, names)),
  ];
}

/** With the number of states that a user subtracts to compare counts with TLC. */
function cutText(cut: Cut, { notInside }: Extent, names: Names): string {
  if (cut !== 'within' || notInside === undefined) return cutTexts[cut](names);
  const which = `${countText(notInside, 'state')} outside ${names.within}`;
  return `${which} ${notInside === 1 ? 'was' : 'were'} not explored further`;
}

/** Outside, but every run that leads there ends there anyway, so that nothing was left out. */
function endedOutside({ cut, notInside }: Extent, names: Names): string[] {
  if (notInside === undefined || cut.includes('within')) return [];
  return [`${countText(notInside, 'state')} outside ${names.within}, in which each run ends`];
}

/** What was promised and not judged. */
function unjudgedLines({ unjudged = [] }: Extent | WalkExtent): string[] {
  if (unjudged.length === 0) return [];
  return [`not judged, because they read the time and none passes: ${unjudged.join('; ')}`];
}

/** Those that a search left out are counted among its transitions. */
function takenText({ transitions, reduction }: Extent): string {
  const skipped = reduction !== undefined && 'skipped' in reduction ? reduction.skipped : 0;
  const taken = `${numberText(transitions - skipped)} actions taken`;
  if (skipped === 0) return taken;
  return `${taken}, ${numberText(skipped)} left out because they commute with others`;
}

function settingText({ time, faults: budget, faulty }: Extent | WalkExtent): string {
  const chosen = faults
    .filter((fault) => budget[fault] > 0)
    .map((fault) => `${fault}=${budget[fault] === Infinity ? 'any' : budget[fault]}`);
  const meaning = time === 'timed'
    ? 'timed: what latencies and timers allow'
    : 'untimed: any message may arrive, any timer may fire';
  const whom = chosen.length > 0 && faulty ? `, only of ${faulty.join(', ')}` : '';
  return `${meaning}; faults: ${chosen.length === 0 ? 'none' : chosen.join(',')}${whom}`;
}

/** `Infinity` is not JSON: a limit that is not set is left out, and any number is `any`. */
export function verdictJson(file: string, answer: Answer, more: object): string {
  const { mode, verdict, outside } = answer;
  const besideIt = answer.kind === 'walk'
    ? answer.beyond && { beyond: { ...answer.beyond, within: plain(answer.beyond.within) } }
    : {
      ...(answer.notice && {
        notice: {
          options: noticeOptions(answer.notice), verdict: plain(answer.notice.verdict),
        },
      }),
      ...(answer.runs && { walks: { runs: answer.runs.runs, seeds: answer.runs.seeds } }),
    };
  const where = outside && { outside };
  return JSON.stringify({ file, mode, ...plain(verdict), ...besideIt, ...where, ...more });
}

function plain({ limits, faults: budget, ...rest }: Exploration | Walked): object {
  const set = Object.entries(limits).filter(([, value]) => value !== Infinity);
  const given = Object.entries(budget).map(([name, value]) => {
    return [name, value === Infinity ? 'any' : value];
  });
  return { ...rest, limits: Object.fromEntries(set), faults: Object.fromEntries(given) };
}

/** Where a violation was saved, and how to see it again. */
export function savedText({ saved, command }: { saved: string; command: string }): string {
  return `saved ${saved}\nRun it with \`${command}\`.\n`;
}
