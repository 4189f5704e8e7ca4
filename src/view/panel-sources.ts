/** The source of each panel: it computes what the panel draws, and answers what the panel asks. */
import type { Reading } from '../session/read/reading.ts';
import { answerOnActs, askedOfActs } from './acts.ts';
import { clusterOf } from './cluster.ts';
import type { Answers, Questions, Selections, Views } from './contract.ts';
import { historyOf } from './history/of-run.ts';
import { logsSource } from './logs/logs-source.ts';
import { narrationOf } from './narration.ts';
import { type PanelName, panelNames } from './panels.ts';
import { rolesSource } from './roles/roles-source.ts';
import { sequenceOf } from './sequence.ts';
import { SpacetimeSource } from './spacetime/spacetime-source.ts';

/**
 * One for each session and panel, so a source may keep what it computed of earlier steps: as long
 * as the branch of the cursor and the code are the same, those steps are, too.
 */
export interface PanelSource<Name extends PanelName> {
  /** What is shown until the user selects something else. */
  readonly selection: Selections[Name];
  /** What a client sent, if it is a selection of this panel; undefined if it is not. */
  selected(value: unknown): Selections[Name] | undefined;
  view(reading: Reading, selection: Selections[Name]): Views[Name];
  /** What a client sent, if it is a question of this panel; undefined if it is not. */
  asked(value: unknown): Questions[Name] | undefined;
  /** Takes a few milliseconds at most, because no other request is answered meanwhile. */
  answer(reading: Reading, question: Questions[Name]): Answers[Name];
}

type Simple<Name extends PanelName> = Selections[Name] extends null ? Name : never;

/** The source of a panel that shows all there is and asks nothing. */
function simple<Name extends PanelName>(
  view: (reading: Reading) => Views[Simple<Name>],
): () => PanelSource<Simple<Name>> {
  const source = {
    selection: null,
    selected: () => undefined,
    view,
    asked: () => undefined,
    answer: () => null,
  } as unknown as PanelSource<Simple<Name>>;
  return () => source;
}

const clusterSource: PanelSource<'cluster'> = {
  selection: null,
  selected: () => undefined,
  view: withNarration,
  asked: askedOfActs,
  answer: answerOnActs,
};

function withNarration(reading: Reading): Views['cluster'] {
  const narration = narrationOf(reading);
  return { ...clusterOf(reading), ...(narration && { narration }) };
}

export const panelSources: { [Name in PanelName]: () => PanelSource<Name> } = {
  cluster: () => clusterSource,
  sequence: simple<'sequence'>(sequenceOf),
  history: simple<'history'>(historyOf),
  logs: logsSource,
  roles: rolesSource,
  spacetime: () => new SpacetimeSource(),
};

/** The sources of one client, and what its user has selected in each panel. */
export class PanelSources {
  private readonly selections = new Map<PanelName, Selections[PanelName]>();
  private readonly sources = new Map<PanelName, PanelSource<PanelName>>();
  private reading: Reading | undefined;

  /** The views of these panels: they are all that is computed. */
  views(reading: Reading, names: Iterable<PanelName>): Partial<Views> {
    return Object.fromEntries(
      [...names].map((name) => {
        const source = this.source(name, reading);
        return [name, source.view(reading, this.selections.get(name) ?? source.selection)];
      }),
    );
  }

  /** Returns whether the value is a selection of the panel, which is kept then. */
  select(name: PanelName, value: unknown): boolean {
    const selection = sourceOf(name).selected(value);
    if (selection === undefined) return false;
    this.selections.set(name, selection);
    return true;
  }

  /** Undefined if the value is not a question of the panel. */
  answer(name: PanelName, reading: Reading, value: unknown): { answer: unknown } | undefined {
    const source = this.source(name, reading);
    const question = source.asked(value);
    return question === undefined ? undefined : { answer: source.answer(reading, question) };
  }

  private source(name: PanelName, reading: Reading): PanelSource<PanelName> {
    if (reading !== this.reading) this.sources.clear();
    this.reading = reading;
    const known = this.sources.get(name) ?? sourceOf(name);
    this.sources.set(name, known);
    return known;
  }
}

function sourceOf(name: PanelName): PanelSource<PanelName> {
  return panelSources[name]() as unknown as PanelSource<PanelName>;
}

/** The views of some panels as they are at first, without a client. */
export function viewsOf(reading: Reading, names: Iterable<PanelName> = panelNames): Partial<Views> {
  return new PanelSources().views(reading, names);
}
