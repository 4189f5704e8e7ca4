/**
 * A run as data that plays without the debugger: its scenario, the source of its protocol, and what
 * a person chose. A page runs it again with the engine of the debugger, so that all panels draw,
 * and answer, what they do in the editor.
 */
import { filesOf, fileOfProtocol, protocolSources } from '../../code/built-in-sources.ts';
import type { Code } from '../../code/code.ts';
import { patternsFile } from '../../code/pattern-sources.ts';
import type { Playback } from '../../session/playback.ts';
import { type Choice, choiceAfter, digestOf } from '../../session/recorded/rerun.ts';
import type { Json } from '../../protocol/types.ts';
import type { Ending, StopView, Views } from '../contract.ts';
import { PanelSources } from '../panel-sources.ts';
import { type PanelName, panelNames } from '../panels.ts';

export interface RecordedRun {
  readonly about: RunAbout;
  readonly scenario: NamedText;
  /** The files of the protocol, that of the protocol itself first. */
  readonly sources: readonly NamedText[];
  /** Whether the protocol is one of the workspace: it then runs within bounds. */
  readonly isOwn: boolean;
  /** Settings that replaced those of the scenario, by their names. */
  readonly settings: Readonly<Record<string, Json>>;
  /** Actions that did not happen by themselves. */
  readonly choices: readonly Choice[];
  /** Where a debugger would stop, in ascending order. */
  readonly moments: readonly StopMark[];
  /** By the steps of the scenario that began, after how many actions each did. */
  readonly story: readonly number[];
  /** Of the world after the last step: a page that computes another one says so. */
  readonly digest: string;
}

export interface RunAbout {
  readonly title: string;
  /** The name of the scenario's file. */
  readonly scenario: string;
  readonly protocol: string;
  readonly seed: number;
  readonly branch: number;
  /** How many actions the branch has, and the first and the last step that the page shows. */
  readonly steps: number;
  readonly first: number;
  readonly last: number;
  /** Those that have something to show. */
  readonly panels: readonly PanelName[];
  /** Absent if the run has not ended. */
  readonly ending?: Ending;
}

/** After how many actions a debugger would stop, and why. */
export interface StopMark {
  readonly step: number;
  readonly type: StopView['type'];
}

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** The steps of a run that are shown. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** A browser takes about a second for so many before it can show the last one. */
export const stepsMax = 200_000;

export interface RunOptions {
  /** The text of the scenario's file. */
  readonly scenario: string;
  readonly settings?: Readonly<Record<string, Json>>;
  readonly ending?: Ending;
  readonly span: Span;
}

/** Goes over a branch in parts, because it may be long. */
export class RunRecorder {
  private readonly choices: Choice[] = [];
  private readonly moments: StopMark[] = [];
  private readonly story: number[] = [];

  /** `playback` must be at the start of the branch. */
  constructor(
    private readonly playback: Playback,
    private readonly options: RunOptions,
  ) {
    this.note();
  }

  /** How many steps are recorded, and how many will be. */
  get progress(): { readonly done: number; readonly all: number } {
    return { done: this.playback.cursor.step, all: this.options.span.last };
  }

  /** Records at most `budget` steps. Returns the run at its end, undefined before that. */
  advance(budget: number): RecordedRun | undefined {
    const { playback } = this;
    for (let left = budget; left > 0; left--) {
      if (playback.cursor.step >= this.options.span.last) return this.run();
      const { script, branch, moment } = playback;
      const choice = choiceAfter(moment, script, branch.run);
      if (choice !== undefined) this.choices.push(choice);
      if (!playback.forward()) return this.run();
      this.note();
    }
    return undefined;
  }

  private note(): void {
    const { playback, moments, story } = this;
    const { step } = playback.cursor;
    const { type } = playback.stop.reason;
    if (isMoment(type)) moments.push({ step, type });
    const current = playback.scenarioStep(step + 1);
    while (story.length <= current && story.length < playback.scenario.steps.length) {
      story.push(step);
    }
  }

  private run(): RecordedRun {
    const { choices, moments, story } = this;
    const { scenario, length, branch, code, cursor, moment } = this.playback;
    const { ending, span, settings = {} } = this.options;
    const file = scenario.file.split(/[\\/]/).at(-1)!;
    const isEnd = ending !== undefined && cursor.step === length;
    const others = isEnd ? moments.filter(({ step }) => step !== length) : moments;
    return {
      about: {
        title: scenario.title,
        scenario: file,
        protocol: code.protocol.name,
        seed: scenario.setup.seed,
        branch: branch.number,
        steps: length,
        first: span.first,
        last: cursor.step,
        panels: panelsWithContent(this.playback),
        ...(ending === undefined ? {} : { ending }),
      },
      scenario: { name: file, text: this.options.scenario },
      sources: sourcesOf(code),
      isOwn: code.root !== undefined,
      settings,
      choices,
      moments: isEnd ? [...others, { step: length, type: 'end' }] : moments,
      story,
      digest: digestOf(moment),
    };
  }
}

/** Whether a debugger stops for this reason without being requested to. */
function isMoment(type: StopView['type']): boolean {
  return type !== 'start' && type !== 'step';
}

/** What is shown if the user names no steps: the whole run, or its beginning. */
export function spanAround(step: number, length: number): Span {
  return { first: 0, last: Math.min(length, Math.max(step, stepsMax)) };
}

/** Whether a panel has something to show at the end of a run. */
const hasContent: { readonly [Name in PanelName]: (view: Views[Name]) => boolean } = {
  cluster: () => true,
  sequence: () => true,
  spacetime: () => true,
  history: ({ operations }) => operations.length > 0,
  locks: ({ locks, stores }) => locks.length + stores.length > 0,
  logs: ({ groups }) => groups.length > 0,
  roles: ({ states }) => states.length > 0,
};

function panelsWithContent(playback: Playback): PanelName[] {
  const views = new PanelSources().views(playback, panelNames);
  return panelNames.filter((name) => hasContent[name](views[name] as never));
}

/** Also of a protocol whose lines cannot be stepped through. */
function sourcesOf({ files, protocol }: Code): NamedText[] {
  const entry = fileOfProtocol(protocol.name);
  const all = files.size > 0 || entry === undefined
    ? [...files]
    : filesOf(entry).map((file) => [file, protocolSources.get(file)!] as const);
  return all
    .filter(([name]) => name !== patternsFile)
    .map(([name, text]) => ({ name, text }));
}
