// What a search is about, as the user chose it last for a scenario: the workspace remembers it.
import type * as vscode from 'vscode';
import { parseFaults } from '../../explore/budgets.ts';
import { type FindLimits, limitNames } from '../../explore/find/limits.ts';
import { parseDuration } from '../../kernel/text/duration.ts';
import { wholeNumber } from '../../kernel/text/whole-number.ts';
import type { FindRequest } from '../../explore/find/request.ts';
import { finding as words } from './words.ts';

export interface FindSettings {
  readonly mode: string;
  readonly time: 'timed' | 'untimed';
  /** `crashes=1,drops=2`; empty for none. */
  readonly faults: string;
  readonly limits: FindLimits;
  readonly target?: string | undefined;
  readonly reach?: string | undefined;
  /** A condition, and the time in which it must become true once faults stop. */
  readonly leadsTo?: FindRequest['leadsTo'] | undefined;
  /** A condition of the states that are searched. */
  readonly inside?: string | undefined;
  /** The nodes that faults may strike; all of them, if it is absent. */
  readonly on?: readonly string[] | undefined;
}

export const settingsDefault: FindSettings = {
  mode: 'auto', time: 'timed', faults: '', limits: { seconds: 30 },
};

const key = 'lockstep.findSettingsOf';
/** Of so many scenarios, those that were searched last. */
const scenariosMost = 50;

type Remembered = Readonly<Record<string, Partial<FindSettings>>>;

export function remembered(
  { workspaceState }: vscode.ExtensionContext,
  scenario: vscode.Uri,
): FindSettings {
  return { ...settingsDefault, ...workspaceState.get<Remembered>(key)?.[scenario.toString()] };
}

export async function remember(
  { workspaceState }: vscode.ExtensionContext,
  scenario: vscode.Uri,
  settings: FindSettings,
): Promise<void> {
  const name = scenario.toString();
  const others = Object.entries(workspaceState.get<Remembered>(key) ?? {})
    .filter(([other]) => other !== name);
  const kept = [...others.slice(1 - scenariosMost), [name, settings]];
  await workspaceState.update(key, Object.fromEntries(kept));
}

export function requestOf(settings: FindSettings): FindRequest {
  const { mode, time, limits, faults, target, reach, leadsTo, inside, on } = settings;
  return {
    mode, time, limits,
    ...(faults !== '' && { faults }),
    ...(target !== undefined && { target }),
    ...(reach !== undefined && { reach }),
    ...(leadsTo !== undefined && { leadsTo }),
    ...(inside !== undefined && { inside }),
    ...(on !== undefined && faults !== '' && { on }),
  };
}

/** What is wrong with a budget that was typed; undefined if nothing is. */
export function faultsProblem(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  const read = parseFaults(text);
  return 'problem' in read ? read.problem : undefined;
}

/** What is wrong with a time that was typed; undefined if nothing is. */
export function timeProblem(text: string): string | undefined {
  const lasts = parseDuration(text.trim());
  return lasts === undefined || lasts <= 0 ? words.wrongTime : undefined;
}

export function limitsText(limits: FindLimits): string {
  return limitNames
    .filter((name) => limits[name] !== undefined)
    .map((name) => `${name}=${limits[name]}`)
    .join(',');
}

/** Limits that were typed, or what is wrong with them. */
export function limitsIn(text: string): { readonly limits: FindLimits } | { problem: string } {
  const limits: Record<string, number> = {};
  for (const part of text.split(',').map((one) => one.trim())) {
    const [name = '', value = ''] = part.split('=').map((one) => one.trim());
    if (!(limitNames as readonly string[]).includes(name)) {
      return { problem: words.noSuchLimit(name, limitNames.join(', ')) };
    }
    const number = wholeNumber(value, 1);
    if (number === undefined) return { problem: words.wrongLimit(name) };
    limits[name] = number;
  }
  return { limits };
}
