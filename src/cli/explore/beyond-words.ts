/** What a search says of what it tried beyond the bounds of a scenario, and did not try. */
import { faults } from '../../explore/budgets.ts';
import type { Outside, TriedBeyond, WhyNotBeyond } from '../../explore/auto/beyond.ts';
import { countText } from './count-text.ts';

const noCrashes =
  'crashes count for a notice only: no role says what is durable, and no step crashes a node';

const noOrder =
  'messages and timers in any order were not tried beyond the scenario: handlers read a clock';

const whyTexts: Readonly<Record<WhyNotBeyond, (isMore: boolean) => string>> = {
  noticed: () => 'nothing more was tried beyond these bounds: one violation is enough',
  chosen: () => 'nothing was tried beyond these bounds: you chose them',
  'left out': () => 'nothing was tried beyond these bounds: you left out states',
  broken: (isMore) => {
    return `nothing ${isMore ? 'more ' : ''}was tried beyond the scenario: it is violated`;
  },
};

/** `isBeyond`: the violation itself was found beyond the scenario. */
export function outsideLines({ tried, hasCrashes, why }: Outside, isBeyond: boolean): string[] {
  const applied = tried.filter(({ readsClock }) => readsClock !== true);
  const all = applied.filter(({ runs }) => runs > 0);
  const rest = applied.filter(({ runs }) => runs === 0);
  const listed = all.map((one) => `${conditionText(one)} (${countText(one.runs, 'run')})`);
  return [
    ...(all.length === 0 ? [] : [`beyond the scenario, no violation with ${listed.join('; ')}`]),
    ...(rest.length === 0
      ? []
      : [`no time was left beyond the scenario for ${rest.map(conditionText).join('; ')}`]),
    ...(applied.length === tried.length ? [] : [noOrder]),
    ...(hasCrashes || (why !== undefined && why !== 'noticed')
      ? []
      : [noCrashes]),
    ...(why === undefined ? [] : [whyTexts[why](isBeyond || all.length > 0)]),
  ];
}

function conditionText({ time, faults: budget, slower }: TriedBeyond): string {
  const given = faults.filter((fault) => budget[fault] > 0).map((one) => `${one}=${budget[one]}`);
  return [
    ...(time === 'untimed' ? ['messages and timers in any order'] : []),
    ...(slower === undefined ? [] : [`messages up to ${slower} times as slow`]),
    ...(given.length === 0 ? [] : [given.join(',')]),
  ].join(' and ');
}
