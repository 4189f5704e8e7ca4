/** The source of each panel: it computes what the panel draws, and answers what the panel asks. */
import type { Reading } from '../session/read/reading.ts';
import { answerOnActs, askedOfActs } from './acts.ts';
import { LeaseSpans } from './cluster/lease-spans.ts';
import { clusterOf } from './cluster.ts';
import type { Selections, Views } from './contract.ts';
import { historyOf } from './history/of-run.ts';
import { locksSource } from './locks/of-run.ts';
import { logsSource } from './logs/logs-source.ts';
import { narrationOf } from './narration.ts';
import type { PanelSource } from './panel-source.ts';
import { type PanelName, panelNames } from './panels.ts';
import { rolesSource } from './roles/roles-source.ts';
import { sequenceSource } from './sequence/source.ts';
import { SpacetimeSource } from './spacetime/spacetime-source.ts';

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

function clusterSource(): PanelSource<'cluster'> {
  const spans = new LeaseSpans();
  return {
    selection: null,
    selected: () => undefined,
    view: (reading) => {
      const narration = narrationOf(reading);
      return { ...clusterOf(reading, spans), ...(narration && { narration }) };
    },
    asked: askedOfActs,
    answer: answerOnActs,
  };
}

export const panelSources: { [Name in PanelName]: () => PanelSource<Name> } = {
  cluster: clusterSource,
  sequence: sequenceSource,
  spacetime: () => new SpacetimeSource(),
  history: simple<'history'>(historyOf),
  locks: locksSource,
  logs: logsSource,
  roles: rolesSource,
};

/** The sources of one client, and what its user has selected in each panel. */
export class PanelSources {
  private readonly selections = new Map<PanelName, Selections[PanelName]>();
  private readonly sources = new Map<PanelName, PanelSource<PanelName>>();
  private reading: Reading | undefined;

  /** The views of these panels: they are all that is computed. */
  views(reading: Reading, names: Iterable<PanelName>): Partial<Views> {
    return Object.fromEntries([...names].map((name) => [name, this.view(reading, name)]));
  }

  /** The view of one panel. What a failed attempt has left behind is not used again. */
  view(reading: Reading, name: PanelName): Views[PanelName] {
    const source = this.source(name, reading);
    let isDone = false;
    try {
      const view = source.view(reading, this.selections.get(name) ?? source.selection);
      isDone = true;
      return view;
    } finally {
      if (!isDone) this.sources.delete(name);
    }
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
