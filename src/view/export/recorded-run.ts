/** A run as data that plays without the debugger: what each panel draws after each of its steps. */
import type { Code } from '../../code/code.ts';
import { patternsFile } from '../../code/pattern-sources.ts';
import type { Playback } from '../../session/playback.ts';
import type { Ending, Moment, Views } from '../contract.ts';
import { stopView } from '../ending.ts';
import { momentOf } from '../moment.ts';
import { PanelSources } from '../panel-sources.ts';
import type { PanelName } from '../panels.ts';
import { type Packed, Packer } from './pack.ts';

export interface RecordedRun {
  readonly about: RunAbout;
  /** A `Frame` for each step from `about.first` on. */
  readonly frames: Packed;
}

/** The moment after a step. */
export interface Frame {
  readonly moment: Moment;
  readonly views: Partial<Views>;
  /** The line of the scenario's step that is current; null if all are done. */
  readonly line: number | null;
}

export interface RunAbout {
  readonly title: string;
  /** The name of the scenario's file. */
  readonly scenario: string;
  readonly protocol: string;
  readonly seed: number;
  readonly branch: number;
  /** How many actions the branch has, and the step of the first and the last frame. */
  readonly steps: number;
  readonly first: number;
  readonly last: number;
  readonly panels: readonly PanelName[];
  /** Absent if the run has not ended. */
  readonly ending?: Ending;
  /** The scenario, and the files of its protocol. */
  readonly texts: readonly NamedText[];
  /** The files that are too long to be part of this. */
  readonly absent: readonly string[];
}

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** The steps of a run that are recorded. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** More steps take too long to read and to draw; more data takes too long to load. */
export const framesMax = 2_000;
const sizeMax = 40_000_000;
/** In characters, of all files of a protocol. */
const sourcesMax = 250_000;

export interface RunOptions {
  readonly panels: readonly PanelName[];
  /** The text of the scenario's file. */
  readonly scenario: string;
  readonly ending?: Ending;
  readonly span: Span;
}

/** Records in parts, because a run may be long. */
export class RunRecorder {
  private readonly sources = new PanelSources();
  private readonly packer = new Packer();
  private recorded = 0;

  /** `playback` must be at the first step of the span. */
  constructor(
    private readonly playback: Playback,
    private readonly options: RunOptions,
  ) {}

  /** How many steps are recorded, and how many will be. */
  get progress(): { readonly done: number; readonly all: number } {
    const { first, last } = this.options.span;
    return { done: this.recorded, all: last - first + 1 };
  }

  /** Records at most `budget` steps. Returns the run at its end, undefined before that. */
  advance(budget: number): RecordedRun | undefined {
    const { playback } = this;
    for (let left = budget; left > 0; left--) {
      this.packer.add(this.frame());
      this.recorded++;
      const isFull = this.packer.size > sizeMax;
      const isLast = playback.cursor.step >= this.options.span.last;
      if (isFull || isLast || !playback.forward()) return this.run();
    }
    return undefined;
  }

  private frame(): Frame {
    const { playback, sources } = this;
    const { panels, ending } = this.options;
    const { step } = playback.cursor;
    const isEnd = ending !== undefined && step === playback.length;
    const stop = isEnd
      ? ({ type: 'end', ending } as const)
      : stopView(playback.stop.reason, playback.moment);
    const current = playback.scenario.steps[playback.scenarioStep(step + 1)];
    return {
      moment: momentOf(playback, stop),
      views: sources.views(playback, panels),
      line: current?.range.line ?? null,
    };
  }

  private run(): RecordedRun {
    const { scenario, length, cursor, code } = this.playback;
    const { panels, ending, span } = this.options;
    const file = nameOf(scenario.file);
    const sources = sourcesOf(code);
    const size = sources.reduce((sum, { text }) => sum + text.length, 0);
    const isSmall = size <= sourcesMax;
    return {
      about: {
        title: scenario.title,
        scenario: file,
        protocol: code.protocol.name,
        seed: scenario.setup.seed,
        branch: cursor.branch,
        steps: length,
        first: span.first,
        last: span.first + this.recorded - 1,
        panels,
        ...(ending === undefined ? {} : { ending }),
        texts: [{ name: file, text: this.options.scenario }, ...(isSmall ? sources : [])],
        absent: isSmall ? [] : sources.map(({ name }) => name),
      },
      frames: this.packer.packed,
    };
  }
}

/** What is recorded if the user names no steps: the whole run, or the part around a step. */
export function spanAround(step: number, length: number): Span {
  if (length < framesMax) return { first: 0, last: length };
  const wanted = step - Math.floor((framesMax * 3) / 4);
  const first = Math.max(0, Math.min(wanted, length - framesMax + 1));
  return { first, last: first + framesMax - 1 };
}

function sourcesOf({ files }: Code): NamedText[] {
  return [...files]
    .filter(([name]) => name !== patternsFile)
    .map(([name, text]) => ({ name: shortName(name, [...files.keys()]), text }));
}

/** Without the folders that all files have in common. */
function shortName(name: string, names: readonly string[]): string {
  const folders = names
    .filter((one) => one !== patternsFile)
    .map((one) => one.split('/').slice(0, -1));
  let depth = 0;
  const [first = []] = folders;
  while (depth < first.length && folders.every((parts) => parts[depth] === first[depth])) depth++;
  return name.split('/').slice(depth).join('/');
}

function nameOf(file: string): string {
  return file.split(/[\\/]/).at(-1)!;
}
