/** What a search says of what it tried beyond the bounds of a scenario, and did not try. */
import { faults } from '../../explore/budgets.ts';
import type { Outside, TriedBeyond, WhyNotBeyond } from '../../explore/auto/beyond.ts';
import { countText } from './count-text.ts';

const noCrashes =
  'a violation that needs a crash is only a notice, because no role declares durable state ' +
  'and no step crashes a node';

const noOrder =
  'messages and timers in any order were not tried beyond the scenario: handlers read a clock';

const whyTexts: Readonly<Record<WhyNotBeyond, (isMore: boolean) => string>> = {
  noticed: () => 'nothing more was tried beyond the scenario: one violation is enough',
  chosen: () => 'nothing was tried beyond these bounds: you chose them',
  'left out': () => 'nothing was tried beyond these bounds: you left out states',
  broken: (isMore) => {
    return `nothing ${isMore ? 'more ' : ''}was tried beyond the scenario: it is violated`;
  },
};

export function triedLines({ tried }: Outside): string[] {
  const listed = tried.filter(isTried)
    .map((one) => `${conditionText(one)} (${countText(one.runs, 'run')})`);
  return listed.length === 0 ? [] : [`beyond the scenario, no violation with ${listed.join('; ')}`];
}

/** `isBeyond`: the violation itself was found beyond the scenario. */
export function untriedLines({ tried, hasCrashes, why }: Outside, isBeyond: boolean): string[] {
  const applied = tried.filter(({ readsClock }) => readsClock !== true);
  const rest = applied.filter(({ runs }) => runs === 0);
  return [
    ...(rest.length === 0
      ? []
      : [`no time was left beyond the scenario for ${rest.map(conditionText).join('; ')}`]),
    ...(applied.length === tried.length ? [] : [noOrder]),
    ...(hasCrashes || (why !== undefined && why !== 'noticed')
      ? []
      : [noCrashes]),
    ...(why === undefined ? [] : [whyTexts[why](isBeyond || tried.some(isTried))]),
  ];
}

function isTried({ readsClock, runs }: TriedBeyond): boolean {
  return readsClock !== true && runs > 0;
}

function conditionText({ time, faults: budget, slower }: TriedBeyond): string {
  const given = faults.filter((fault) => budget[fault] > 0).map((one) => `${one}=${budget[one]}`);
  return [
    ...(time === 'untimed' ? ['messages and timers in any order'] : []),
    ...(slower === undefined ? [] : [`messages up to ${slower} times as slow`]),
    ...(given.length === 0 ? [] : [given.join(',')]),
  ].join(' and ');
}
