/** A sweep over seeds as text for people, and as JUnit's XML for build servers. */
import { printable } from '../../kernel/text/data-text.ts';
import { commandOn } from '../process/shell-words.ts';
import type { BrokenPromise, Totals } from './totals.ts';

export function sweepText(totals: Totals): string {
  const { file, runs, actions, violated, unknown, first, last, isCut } = totals;
  const mark = violated > 0 ? '✗' : unknown > 0 || isCut ? '?' : '✓';
  const counts = [
    `${runs} runs`,
    `${runs - violated - unknown} hold`,
    ...(violated > 0 ? [`${violated} violate a promise`] : []),
    ...(unknown > 0 ? [`${unknown} have no verdict`] : []),
  ].join(', ');
  const lines = [
    `${mark} ${file}: seeds ${first}..${last}: ${counts}`,
    ...totals.promises.flatMap((one) => [`  ${promiseText(one)}`, `      ${one.why}`]),
    ...(isCut ? [`  stopped at the time limit after ${runs} of ${last - first + 1} seeds`] : []),
    ...(violated > 0 ? [`  run one: ${commandOn('run', file)} --seed ${totals.violating[0]}`] : []),
    `  ${actions} actions`,
  ];
  return `${lines.join('\n')}\n`;
}

function promiseText({ subject, type, count, seeds }: BrokenPromise): string {
  const mark = type === 'violated' ? '✗' : '?';
  const more = count > seeds.length ? ', …' : '';
  const which = count === 1 ? 'seed' : `${count} seeds:`;
  return `${mark} ${subject}: ${which} ${seeds.join(', ')}${more}`;
}

/** One suite for each scenario; a case for the sweep, and one for each promise that it broke. */
export function junitText(all: readonly Totals[]): string {
  const suites = all.map((totals) => {
    const { file, first, last, runs, promises } = totals;
    const name = `seeds ${first}..${last}`;
    const failed = promises.filter(({ type }) => type === 'violated').length;
    const begin = `    <testcase classname="${xml(file)}" name="${name}"`;
    const cases = [
      totals.isCut
        ? `${begin}><skipped message="${runs} runs"/></testcase>`
        : `${begin}/>`,
      ...promises.map((one) => caseOf(file, one)),
    ];
    const errors = promises.length - failed;
    const counts = `tests="${cases.length}" failures="${failed}" errors="${errors}"`;
    return [`  <testsuite name="${xml(file)}" ${counts}>`, ...cases, '  </testsuite>'].join('\n');
  });
  return junitFile(suites);
}

export function junitFile(suites: readonly string[]): string {
  return [`<?xml version="1.0" encoding="UTF-8"?>`, '<testsuites>', ...suites, '</testsuites>', '']
    .join('\n');
}

function caseOf(file: string, promise: BrokenPromise): string {
  const { subject, type, why } = promise;
  const tag = type === 'violated' ? 'failure' : 'error';
  const message = xml(promiseText(promise));
  return [
    `    <testcase classname="${xml(file)}" name="${xml(subject)}">`,
    `      <${tag} message="${message}">${xml(why)}</${tag}>`,
    '    </testcase>',
  ].join('\n');
}

/** A text between tags, or in an attribute. Its lines stay lines. */
export function xml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;',
  };
  const lines = text.split(/\r?\n/).map((line) => {
    return printable(line).replaceAll(/[<>&"]/g, (letter) => entities[letter]);
  });
  // An attribute would lose a line end of its own.
  return lines.join('&#10;');
}
