/** Refused requests in words: what is wrong, and what to do. */
import { shown } from '../../kernel/data/shown.ts';
import { limitMessage } from '../../kernel/text/execution-limits.ts';
import type { Expected, NotSaved, Refused, RequestRefused, WrongValue } from '../refusal.ts';
import { notMovedText } from './movements.ts';
import { breakpointProblemText, hint, problemText } from './problems.ts';

export function refusalText(refused: Refused): string {
  switch (refused.code) {
    case 'not initialized':
      return 'The session is not initialized: send `initialize` first.';
    case 'already initialized':
      return 'The session is already initialized: connect again to change its settings.';
    case 'not launched':
      return 'No scenario has been launched yet: launch one first.';
    case 'launching':
      return 'The scenario is being launched: wait for the event `initialized`.';
    case 'cancelled':
      return 'The request was cancelled before it was complete.';
    case 'already launched':
      return 'A scenario has already been launched: restart it instead.';
    case 'setting':
      return wrongValueText(refused);
    case 'unreadable scenario':
      return `The scenario ${refused.file} cannot be read: ${refused.why}`;
    case 'scenario':
      return `${refused.problem}.${moreText(refused.more)}`;
    case 'not a scenario':
      return `${refused.file} is not a valid scenario.`;
    case 'protocol':
      return `${refused.problem}.${moreText(refused.more)}`;
    case 'untrusted':
      return untrustedCode(refused.file);
    case 'unknown preset':
      return (
        `"breakOn": the protocol has no event or invariant named ${refused.name}` +
        `${hint(refused.similar)}.`
      );
    case 'preset':
      return `"breakOn": ${refused.name}: ${breakpointProblemText(refused.problem)}.`;
    default:
      return requestText(refused);
  }
}

const noSearchTexts = {
  searching: 'A search is under way already: cancel it, or wait for its end.',
  'no search': 'This adapter cannot search for schedules: use `lockstep explore` instead.',
  'branch gone':
    'The branch has gone, or its code has changed, while its nearest run was searched: try again.',
  'finding stale':
    'The run from which the search began is no longer part of the session: its branch was ' +
    'deleted, or its code has changed. Search again.',
};

function requestText(refused: RequestRefused): string {
  switch (refused.code) {
    case 'not moved':
      return `${notMovedText(refused.why, refused)}.`;
    case 'problem':
      return problemText(refused.problem);
    case 'running':
      return 'The run is in progress: pause it first.';
    case 'configuring':
      return 'The run has not begun: send `configurationDone` first.';
    case 'already configured':
      return 'The run has already begun: restart it instead.';
    case 'restarting':
      return 'The run is being restarted: wait until it stops.';
    case 'terminated':
      return 'The session has ended: start a new one.';
    case 'disconnected':
      return 'The client has disconnected: connect again.';
    case 'branch gone':
      return noSearchTexts['branch gone'];
    case 'moved meanwhile':
      return 'The session moved on while the code was read: save the file again to reload it.';
    case 'unknown request':
      return `This adapter does not support the request ${refused.command}.`;
    case 'arguments':
      return `The arguments of ${refused.command} must be an object.`;
    case 'argument':
      return `${refused.command}: ${wrongValueText(refused)}`;
    case 'out of date':
      return outOfDate[refused.what];
    case 'no thread':
      return `There is no thread ${refused.number}.`;
    case 'limit':
      return `${firstUpper(limitMessage(refused.limit))}.`;
    case 'no source':
      return `There is no source ${refused.number}.`;
    case 'nothing to step out of':
      return (
        'Step Out runs to the end of the operation or round of messages that the last action ' +
        'belongs to. That has already ended: use Step Over or Continue.'
      );
    case 'not restartable':
      return 'This frame cannot be restarted.';
    case 'no event':
      return 'The debugger did not stop at an event.';
    case 'searching':
    case 'no search':
    case 'finding stale':
      return noSearchTexts[refused.code];
    case 'no step':
      return noStepText(refused);
    case 'no finding':
      return `There is no finding ${refused.number}: search for one first.`;
    case 'not found':
      return refused.why;
    case 'not saved':
      return `The finding cannot be saved as a scenario: ${refused.why}.`;
    case 'not an action':
      return `\`${refused.text}\` is not an action.`;
    case 'panel command':
      return `Panels have no command ${refused.text}.`;
    case 'branch not saved':
      return `${notSavedText(refused.why)}.`;
    case 'nothing broken':
      return nothingBrokenText(refused.branch);
  }
}

function noStepText({ step, length }: { readonly step: number; readonly length: number }): string {
  const [number, last] = [step, length].map((one) => one.toLocaleString('en'));
  return `Step ${number} does not exist: this run has ${last}.`;
}

function nothingBrokenText(branch: number): string {
  return (
    `Branch ${branch} violates nothing, so there is no nearest run that does not: ` +
    'choose a branch in which something is violated.'
  );
}

function notSavedText(why: NotSaved): string {
  switch (why.type) {
    case 'too long':
      return (
        `The branch has ${why.length.toLocaleString('en')} actions, and a scenario of plain ` +
        `steps has at most ${why.most.toLocaleString('en')}: save it as a trace`
      );
    case 'no words':
      return (
        'The command language has no words for one of its actions, so it cannot be a scenario: ' +
        'save it as a trace'
      );
    case 'differs':
      return (
        `As plain steps it leads to another value of ${why.field}, so it was not saved: save it ` +
        'as a trace'
      );
    case 'chosen draws':
      return (
        'A search chose random numbers in it, which a trace cannot hold: save it as a scenario'
      );
  }
}

const outOfDate = {
  variables: 'These variables are out of date: the debugger has moved on.',
  frame: 'This frame is out of date: the debugger has moved on.',
  target: 'This target is out of date: the debugger has moved on.',
};

function wrongValueText({ name, expected, found }: WrongValue): string {
  const value = found === undefined ? 'missing' : shown(found, 60);
  return `${name} must be ${expectedWords[expected]}; it is ${value}.`;
}

const expectedWords: Readonly<Record<Expected, string>> = {
  integer: 'an integer',
  line: 'the number of a line, from 1',
  'line from 0': 'the number of a line, from 0',
  column: 'the number of a column',
  'access type': '`read`, `write` or `readWrite`',
  filter: '`indexed` or `named`',
  'branch format': '`scenario` or `trace`',
  'branch command': '`go`, `name` or `delete`',
  string: 'a string',
  object: 'an object',
  list: 'a list',
  'truth value': 'true or false',
  'non-negative integer': 'a non-negative integer',
  'scenario path': 'the path of a scenario, a *.scenario.yaml file',
  'folder path': 'the path of a folder',
  'event names': 'a list of event names',
  'event name': 'the name of an event',
  condition: 'a CEL expression',
  'positive integer': 'a positive integer',
  'meaning of time': '`timed` or `untimed`',
  'end of a finding': '`broken`, `broken at its end` or `reached`',
  actions: 'a list of actions, each with its `type` and the time `at` which it happens',
};

function firstUpper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function moreText(more: number): string {
  if (more === 0) return '';
  return ` The debug console has ${more} more.`;
}

/** Shown by the editor too, before it would run code of a workspace. */
export function untrustedCode(file: string): string {
  return (
    `${file} is code of this workspace, and the workspace is not trusted: it was not run. Trust ` +
    'the workspace if you know whose code it is. Scenarios of built-in protocols run no code.'
  );
}
