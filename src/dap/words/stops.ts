/** Stops in words: the headings of the editor's call stack and of its exception widget. */
import { isFailure, subjectText, verdictLine } from '../../check/verdict-words.ts';
import { limitMessage } from '../../kernel/text/execution-limits.ts';
import { hitText } from '../../kernel/text/hit-text.ts';
import type { PropertyKind, StopReason } from '../../session/stop.ts';

/** The heading of a stop; undefined if the editor's own words are as good. */
export function stopDescription(reason: StopReason): string | undefined {
  switch (reason.type) {
    case 'step':
    case 'step back':
    case 'delivered':
    case 'lost':
    case 'taken':
    case 'pause':
      return undefined;
    case 'start':
      return 'Paused at the start';
    case 'end':
      return endText(reason);
    case 'answered':
      return `Paused where ${reason.operation} was answered`;
    case 'round over':
      return 'Paused where the round of messages ended';
    case 'goto':
      return `Paused after a jump to step ${reason.step}`;
    case 'restarted':
      return 'Paused at the restarted frame';
    case 'branch left':
      return `Paused where branch ${reason.number} parted`;
    case 'found':
      return `Paused ${foundText(reason)}`;
    case 'reloaded':
      return reason.differsAt === undefined
        ? 'Paused on the reloaded code'
        : `Paused before step ${reason.differsAt}, where the reloaded code differs`;
    case 'endless':
      return `Stopped: ${endlessText(reason)}`;
    case 'internal error':
      return 'Paused by an internal error';
    case 'line': {
      const node = reason.node === undefined ? '' : ` at ${reason.node}`;
      return `Paused on ${reason.file}:${reason.line}${node}`;
    }
    case 'handler':
    case 'event':
      return `Paused on ${hitText(reason)}`;
    case 'violated':
      return violatedText(reason);
    case 'thrown':
      return `${reason.node} threw: ${reason.message}`;
    case 'data':
      return `Paused: ${hitText(reason)}`;
    case 'scenario step':
      return `Paused on ${reason.text ?? 'the end of the scenario'}`;
  }
}

function endText({ verdicts }: Extract<StopReason, { type: 'end' }>): string {
  const [first, ...more] = verdicts.filter(isFailure);
  if (first === undefined) return 'Paused at the end of the run';
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return `The run has ended and failed: ${subjectText(first.subject)}${others}`;
}

/** The failure that a run ended with, as the console shows it; undefined if there is none. */
export function endFailureText(reason: StopReason): string | undefined {
  if (reason.type !== 'end') return undefined;
  const first = reason.verdicts.find(isFailure);
  return first && verdictLine(first);
}

type Finding = Extract<StopReason, { type: 'event' | 'violated' | 'thrown' | 'endless' }>;

/** The reasons that editors show as exceptions. */
export function findingOf(reason: StopReason): Finding | undefined {
  switch (reason.type) {
    case 'event':
    case 'violated':
    case 'thrown':
    case 'endless':
      return reason;
    default:
      return undefined;
  }
}

export interface FindingWords {
  readonly title: string;
  /** What happened where and with what, what it means, or why it happened. */
  readonly text: string;
}

export function findingWords(finding: Finding): FindingWords {
  switch (finding.type) {
    case 'event': {
      const { name, doc } = finding;
      return { title: name, text: `${hitText(finding)}. ${doc}`.trim() };
    }
    case 'violated': {
      const { property, name, why } = finding;
      const title = property === 'scenario step' ? 'Scenario step' : name;
      return { title, text: why };
    }
    case 'thrown': {
      const { node, message } = finding;
      return { title: `${node} threw`, text: message };
    }
    case 'endless': {
      return { title: finding.action, text: endlessText(finding) };
    }
  }
}

function endlessText({ action }: Extract<Finding, { type: 'endless' }>): string {
  return `${action}: ${limitMessage('action-time-limit')}`;
}

function violatedText(reason: Extract<Finding, { type: 'violated' }>): string {
  if (reason.property === 'scenario step') return 'A step of the scenario failed';
  return `${headings[reason.property]} ${reason.threw ? 'threw' : 'violated'}: ${reason.name}`;
}

const headings: Readonly<Record<Exclude<PropertyKind, 'scenario step'>, string>> = {
  invariant: 'Invariant',
  'derived event': 'Derived event',
  expectation: 'Expectation',
};

function foundText({ promise, ends }: Extract<StopReason, { type: 'found' }>): string {
  if (ends === 'reached') return `one action before ${promise} is true`;
  return ends === 'broken'
    ? `one action before ${promise} breaks`
    : `one action before the end of a run that breaks ${promise}`;
}
