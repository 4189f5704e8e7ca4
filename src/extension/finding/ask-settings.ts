// The dialogs of a search. Enter begins it with the settings of last time; each can be changed.
import * as vscode from 'vscode';
import type { FindTargets } from '../../dap/find/finder.ts';
import { plainText } from '../plain-text.ts';
import { finding as words } from '../words.ts';
import {
  faultsProblem, type FindSettings, limitsIn, limitsText,
} from './settings.ts';

/** What is known of the scenario, and the check of a condition that the user types. */
export interface About extends FindTargets {
  /** What is wrong with a condition; undefined if nothing is. */
  conditionProblem(text: string): Promise<string | undefined>;
}

type Setting = 'target' | 'mode' | 'time' | 'faults' | 'limits';
type Change = Partial<FindSettings>;

interface Choice extends vscode.QuickPickItem {
  /** The change that it stands for; a function asks the user further. */
  readonly change?: Change | (() => Promise<Change | undefined>);
}

/** Undefined if the user gives up. */
export async function askSettings(
  before: FindSettings,
  about: About,
): Promise<FindSettings | undefined> {
  let settings = applicable(before, about);
  for (;;) {
    const chosen = await vscode.window.showQuickPick(overview(settings, about), {
      title: words.title, placeHolder: words.overview, matchOnDescription: true,
    });
    if (chosen === undefined) return undefined;
    if (chosen.setting === undefined) return settings;
    const change = await ask[chosen.setting](settings, about);
    if (change !== undefined) settings = { ...settings, ...change };
  }
}

/** What was chosen for another scenario may not exist in this one. */
function applicable(settings: FindSettings, { targets, readsClock }: About): FindSettings {
  const { target, ...rest } = settings;
  const isKnown = target !== undefined && targets.some(({ id }) => id === target);
  const time = readsClock === undefined ? settings.time : 'timed';
  return { ...rest, time, ...(isKnown && { target }) };
}

function overview(settings: FindSettings, about: About) {
  const texts: Record<Setting, string> = {
    target: targetText(settings, about),
    mode: modeText(settings.mode),
    time: settings.time === 'timed' ? words.timed : words.untimed,
    faults: settings.faults === '' ? words.noFaults : settings.faults,
    limits: shortLimits(settings.limits),
  };
  const all = Object.keys(texts) as Setting[];
  const begin = {
    label: words.begin,
    detail: plainText(words.beginWith(...all.map((name) => texts[name]))),
    setting: undefined,
  };
  return [begin, ...all.map((setting) => {
    return { label: words[setting], description: plainText(texts[setting]), setting };
  })];
}

function shortLimits({ seconds, ...others }: FindSettings['limits']): string {
  const rest = limitsText(others);
  const time = seconds === undefined ? [] : [words.seconds(seconds)];
  return [...time, ...(rest === '' ? [] : [rest])].join(', ');
}

function targetText({ target, reach }: FindSettings, { targets }: About): string {
  if (reach !== undefined) return words.reaching(reach);
  return targets.find(({ id }) => id === target)?.text ?? words.everything;
}

const modes = ['auto', 'bfs', 'dfs', 'random', 'pct', 'delay'] as const;
type Mode = (typeof modes)[number];

function modeText(mode: string): string {
  return (modes as readonly string[]).includes(mode) ? words[mode as Mode] : mode;
}

const ask: Record<Setting, (now: FindSettings, about: About) => Promise<Change | undefined>> = {
  async target(now, { targets, conditionProblem }) {
    const note = { 'at the end': words.atEnd } as const;
    const choices = targets.map(({ id, text, kind, note: at }): Choice => {
      return { label: plainText(text), description: at ? note[at] : words[kind], change: all(id) };
    });
    const everything = {
      label: words.everything, detail: words.everythingDetail, change: all(undefined),
    };
    const reach = {
      label: words.reach,
      detail: words.reachDetail,
      change: () => askCondition(now.reach ?? '', conditionProblem),
    };
    return choose(words.target, [everything, ...choices, reach]);
  },
  mode(now) {
    const own = now.reach === undefined ? modes : modes.slice(0, 3);
    return choose(words.mode, own.map((mode) => {
      return { label: words[mode], detail: words[`${mode}Detail`], change: { mode } };
    }));
  },
  time(_now, { readsClock }) {
    const { handler, node } = readsClock ?? {};
    const why = handler && node && plainText(words.readsClock(handler, node));
    const untimed: Choice = {
      label: words.untimed,
      detail: why ?? words.untimedDetail,
      change: { time: why === undefined ? 'untimed' : 'timed' },
    };
    const timed: Choice = {
      label: words.timed, detail: words.timedDetail, change: { time: 'timed' },
    };
    return choose(words.time, [timed, untimed]);
  },
  faults(now) {
    const budgets = ['crashes=1', 'drops=1', 'duplicates=1', 'partitions=1', 'crashes=1,drops=1'];
    const choices = budgets.map((faults): Choice => ({ label: faults, change: { faults } }));
    const none = { label: words.noFaults, change: { faults: '' } };
    const other = { label: words.anotherBudget, change: () => askFaults(now.faults) };
    return choose(words.faults, [none, ...choices, other]);
  },
  limits(now) {
    const choices = [10, 30, 300].map((seconds): Choice => {
      return { label: words.seconds(seconds), change: { limits: { seconds } } };
    });
    const other = { label: words.ownLimits, change: () => askLimits(limitsText(now.limits)) };
    return choose(words.limits, [...choices, other]);
  },
};

/** A choice of one promise, or of all: a condition to reach is no longer searched for. */
function all(target: string | undefined): Change {
  return { target, reach: undefined };
}

async function choose(label: string, choices: readonly Choice[]): Promise<Change | undefined> {
  const placeHolder = label.replace(/^\$\([^)]*\) /, '');
  const options = { title: words.title, placeHolder, matchOnDetail: true };
  const chosen = await vscode.window.showQuickPick(choices, options);
  return typeof chosen?.change === 'function' ? chosen.change() : chosen?.change;
}

async function askFaults(value: string): Promise<Change | undefined> {
  const faults = await vscode.window.showInputBox({
    title: words.title, prompt: words.faultsPrompt, value: value || 'crashes=1,drops=1',
    validateInput: faultsProblem,
  });
  return faults === undefined ? undefined : { faults: faults.trim() };
}

async function askLimits(value: string): Promise<Change | undefined> {
  const text = await vscode.window.showInputBox({
    title: words.title, prompt: words.limitsPrompt, value,
    validateInput: (typed) => {
      const read = limitsIn(typed);
      return 'problem' in read ? read.problem : undefined;
    },
  });
  const read = text === undefined ? undefined : limitsIn(text);
  return read !== undefined && 'limits' in read ? { limits: read.limits } : undefined;
}

/** A condition is checked when it is accepted: the nodes and fields are those of the scenario. */
async function askCondition(
  value: string,
  problemOf: About['conditionProblem'],
): Promise<Change | undefined> {
  const box = vscode.window.createInputBox();
  Object.assign(box, { title: words.title, prompt: words.reachPrompt, value });
  try {
    return await new Promise<Change | undefined>((resolve) => {
      box.onDidHide(() => resolve(undefined));
      box.onDidChangeValue(() => (box.validationMessage = ''));
      box.onDidAccept(async () => {
        const reach = box.value.trim();
        box.busy = true;
        const problem = reach === '' ? words.noCondition : await problemOf(reach);
        box.busy = false;
        if (problem !== undefined) box.validationMessage = problem;
        else resolve({ ...all(undefined), reach, mode: 'auto' });
      });
      box.show();
    });
  } finally {
    box.dispose();
  }
}
