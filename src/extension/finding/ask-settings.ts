// The dialogs of a search. Enter begins it with the settings of last time; each can be changed.
import * as vscode from 'vscode';
import type { FindTargets } from '../../dap/find/finder.ts';
import { plainText } from '../plain-text.ts';
import { finding as words } from './words.ts';
import {
  faultsProblem, type FindSettings, limitsIn, limitsText, timeProblem,
} from './settings.ts';

/** What is known of the scenario, and the check of a condition that the user types. */
export interface About extends FindTargets {
  /** What is wrong with a condition; undefined if nothing is. */
  conditionProblem(text: string): Promise<string | undefined>;
}

type Setting = 'target' | 'mode' | 'time' | 'faults' | 'on' | 'inside' | 'limits';
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
function applicable(settings: FindSettings, about: About): FindSettings {
  const { targets, nodes, readsClock } = about;
  const { target, on, ...rest } = settings;
  const struck = on?.filter((id) => nodes.includes(id)) ?? [];
  const isKnown = target !== undefined && targets.some(({ id }) => id === target);
  const time = readsClock === undefined ? settings.time : 'timed';
  return { ...rest, time, ...(isKnown && { target }), ...(struck.length > 0 && { on: struck }) };
}

function overview(settings: FindSettings, about: About) {
  const texts: Record<Setting, string> = {
    target: targetText(settings, about),
    mode: modeText(settings.mode),
    time: settings.time === 'timed' ? words.timed : words.untimed,
    faults: settings.faults === '' ? words.noFaults : settings.faults,
    on: settings.on?.join(', ') ?? words.allNodes,
    inside: settings.inside ?? words.allStates,
    limits: shortLimits(settings.limits),
  };
  const all = (Object.keys(texts) as Setting[]).filter((name) => {
    return name !== 'on' || settings.faults !== '';
  });
  const unusual = all.filter((name) => {
    return name !== 'on' && name !== 'inside' || settings[name] !== undefined;
  });
  const begin = {
    label: words.begin,
    detail: plainText(words.beginWith(...unusual.map((name) => texts[name]))),
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

function targetText({ target, reach, leadsTo }: FindSettings, { targets }: About): string {
  if (reach !== undefined) return words.reaching(reach);
  if (leadsTo !== undefined) return words.leadingTo(leadsTo.condition, leadsTo.within);
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
      change: async () => {
        const condition = await askCondition(now.reach ?? '', words.reachPrompt, conditionProblem);
        return condition === undefined ? undefined : { ...all(undefined), reach: condition };
      },
    };
    const leadsTo = {
      label: words.leadsTo,
      detail: words.leadsToDetail,
      change: () => askLeadsTo(now.leadsTo, conditionProblem),
    };
    return choose(words.target, [everything, ...choices, reach, leadsTo]);
  },
  mode() {
    return choose(words.mode, modes.map((mode) => {
      return { label: words[mode], detail: words[`${mode}Detail`], change: { mode } };
    }));
  },
  time(_now, { readsClock, alike }) {
    const { handler, node } = readsClock ?? {};
    const why = handler && node && plainText(words.readsClock(handler, node));
    const untimed: Choice = {
      label: words.untimed,
      detail: why ?? [words.untimedDetail, ...(alike ? [plainText(alike)] : [])].join('; '),
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
  async on(now, { nodes }) {
    const items = nodes.map((label) => ({ label, picked: now.on?.includes(label) ?? true }));
    let placeHolder = words.onPrompt;
    for (;;) {
      const chosen = await vscode.window.showQuickPick(items, {
        title: words.title, placeHolder, canPickMany: true,
      });
      if (chosen === undefined) return undefined;
      const isAll = chosen.length === nodes.length;
      if (chosen.length > 0) return { on: isAll ? undefined : chosen.map(({ label }) => label) };
      placeHolder = words.onNone;
    }
  },
  inside(now, { conditionProblem }) {
    const typed = async () => {
      const inside = await askCondition(now.inside ?? '', words.insidePrompt, conditionProblem);
      return inside === undefined ? undefined : { inside };
    };
    const every = { label: words.allStates, change: { inside: undefined } };
    const some = { label: words.someStates, detail: words.someStatesDetail, change: typed };
    return choose(words.inside, [every, some]);
  },
  limits(now) {
    const choices = [10, 30, 300].map((seconds): Choice => {
      return { label: words.seconds(seconds), change: { limits: { ...now.limits, seconds } } };
    });
    const other = { label: words.ownLimits, change: () => askLimits(limitsText(now.limits)) };
    return choose(words.limits, [...choices, other]);
  },
};

/** A choice of one promise, or of all: a condition to reach is no longer searched for. */
function all(target: string | undefined): Change {
  return { target, reach: undefined, leadsTo: undefined };
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

/** It is checked while it is typed: the nodes and fields are those of the scenario. */
async function askCondition(
  value: string,
  prompt: string,
  problemOf: About['conditionProblem'],
): Promise<string | undefined> {
  const condition = await vscode.window.showInputBox({
    title: words.title, prompt, value,
    validateInput: async (typed) => {
      const text = typed.trim();
      return text === '' ? words.noCondition : problemOf(text);
    },
  });
  return condition?.trim();
}

async function askLeadsTo(
  before: FindSettings['leadsTo'],
  problemOf: About['conditionProblem'],
): Promise<Change | undefined> {
  const prompt = words.leadsToPrompt;
  const condition = await askCondition(before?.condition ?? '', prompt, problemOf);
  if (condition === undefined) return undefined;
  const within = await vscode.window.showInputBox({
    title: words.title, prompt: words.withinPrompt, value: before?.within ?? '10s',
    validateInput: timeProblem,
  });
  if (within === undefined) return undefined;
  return { ...all(undefined), leadsTo: { condition, within: within.trim() } };
}
