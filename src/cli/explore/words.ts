/** What `lockstep explore` says of a search: lines for people, and one JSON object for tools. */
import { reasonSentence, subjectText, verdictMarks } from '../../check/verdict-words.ts';
import { faults } from '../../explore/budgets.ts';
import type { Cut, Exploration, Extent, Promised, Unknown } from '../../explore/verdict.ts';
import { durationText } from '../../kernel/text/duration.ts';
import type { Units } from '../../kernel/text/data-text.ts';

const cutTexts: Readonly<Record<Cut, string>> = {
  depth: 'longer runs were left out (--max-depth)',
  messages: 'states with more messages in flight were not explored further (--max-messages)',
  within: 'states outside --within were not explored further',
  draws: 'of handlers that draw from many numbers, only the drawn number was tried',
  states: 'more states were left out (--max-states)',
  bytes: 'more states were left out (--max-memory)',
};

/** The verdict, and below it how far it reaches. */
export function verdictText(explored: Exploration, units: Units): string {
  return `${headline(explored, units)}\n${extentLines(explored).map((line) => `    ${line}\n`).join('')}`;
}

function headline(explored: Exploration, units: Units): string {
  const mark = verdictMarks[explored.type];
  const count = numberText(explored.states);
  switch (explored.type) {
    case 'holds':
      return explored.cut.length === 0
        ? `${mark} holds in all ${count} states`
        : `${mark} holds in all ${count} states within these limits`;
    case 'unknown':
      return `${mark} unknown: ${unknownText(explored.why)} after ${count} states`;
    case 'violated': {
      const length = explored.trace.actions.length;
      const name = promisedText(explored.subject);
      const { reason } = explored;
      const after = `after ${length} ${length === 1 ? 'action' : 'actions'}`;
      if (reason.code === 'reached') return `${mark} ${name}: reached ${after}`;
      if (reason.code === 'not-reached') {
        return `${mark} ${name}: not reached within ${durationText(reason.within)} once faults stop`;
      }
      return `${mark} ${name}: ${reasonSentence(reason, units)} (${after})`;
    }
  }
}

export function promisedText(subject: Promised): string {
  if (subject.kind === 'reach') return `reach ${subject.text}`;
  return subject.kind === 'leads to' ? `leads to ${subject.text}` : subjectText(subject);
}

function unknownText(why: Unknown): string {
  if (why.code === 'reads-clock') {
    const handler = `the handler of ${why.handler} at ${why.node}`;
    return `${handler} reads a clock, so leave out --untimed: stopped`;
  }
  const limits = { states: '--max-states', bytes: '--max-memory', time: '--for' };
  return `stopped at ${limits[why.at]}`;
}

function extentLines({ time, faults: budget, transitions, depth, cut }: Extent): string[] {
  const chosen = faults
    .filter((fault) => budget[fault] > 0)
    .map((fault) => `${fault}=${budget[fault] === Infinity ? 'any' : budget[fault]}`);
  const meaning = time === 'timed'
    ? 'timed: what latencies and timers allow'
    : 'untimed: any message may arrive, any timer may fire';
  return [
    `${meaning}; faults: ${chosen.length === 0 ? 'none' : chosen.join(',')}`,
    `${numberText(transitions)} choices taken, runs of up to ${depth} choices`,
    ...cut.map((one) => cutTexts[one]),
  ];
}

function numberText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `Infinity` is not JSON: a limit that is not set is left out, and any number is `any`. */
export function verdictJson(file: string, explored: Exploration): string {
  const { limits, faults: budget, ...rest } = explored;
  const set = Object.entries(limits).filter(([, value]) => value !== Infinity);
  const given = Object.entries(budget).map(([name, value]) => {
    return [name, value === Infinity ? 'any' : value];
  });
  const whole = {
    file, ...rest, limits: Object.fromEntries(set), faults: Object.fromEntries(given),
  };
  return JSON.stringify(whole);
}
