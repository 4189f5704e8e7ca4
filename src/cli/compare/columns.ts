/** The columns of the table that `lockstep compare` prints. */
import type { StrongestModels } from '../../check/compare/judged-models.ts';
import { timeText } from '../../kernel/text/duration.ts';
import { measureText } from '../../scenario/measures.ts';
import { didYouMean, oneOf } from '../../scenario/suggest.ts';
import type { Values } from '../options.ts';
import { isNotable, nameOf, resultText, type Row } from './row.ts';

export interface Column {
  readonly head: string;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
  /** The file to which a cell leads, where the format has links. */
  readonly link?: (row: Row) => string;
  /** The lines of the cell; empty if the row has no value. */
  cell(row: Row): readonly string[];
}

type Name = (typeof columnNames)[number];

export const columnNames = [
  'scenario', 'title', 'result', 'models', 'latency', 'time', 'actions', 'operations', 'measures',
] as const;

const fixed: Readonly<Record<Exclude<Name, 'measures'>, Column>> = {
  scenario: {
    head: 'scenario',
    link: ({ file }) => file,
    cell: ({ file }) => [nameOf(file)],
  },
  title: { head: 'title', link: ({ file }) => file, cell: ({ title }) => [title] },
  result: { head: 'result', cell: (row) => [resultText(row)] },
  models: {
    head: 'strongest models',
    cell: ({ figures }) => figures?.models.flatMap((one, _, { length }) => {
      return modelLines(one, length > 1);
    }) ?? [],
  },
  latency: {
    head: 'latency: median / max',
    cell: ({ figures }) => [...(figures?.latencies ?? [])].map(([name, { median, max }]) => {
      return `${name} ${timeText(median)} / ${timeText(max)}`;
    }),
  },
  time: {
    head: 'virtual time',
    isNumber: true,
    cell: ({ figures }) => (figures ? [timeText(figures.time)] : []),
  },
  actions: {
    head: 'actions',
    isNumber: true,
    cell: ({ figures }) => (figures ? [String(figures.actions)] : []),
  },
  operations: {
    head: 'operations',
    cell({ figures }) {
      const counts = Object.entries(figures?.operations ?? {}).filter(([, count]) => count > 0);
      return counts.length === 0 ? [] : [counts.map(([how, n]) => `${n} ${how}`).join(', ')];
    },
  },
};

function modelLines({ specification, hold, unknown }: StrongestModels, isNamed: boolean): string[] {
  const of = isNamed && specification !== '' ? `${specification}: ` : '';
  const open = unknown.map((name) => `${of}${name}: unknown`);
  if (hold.length > 0) return [`${of}${hold.join(', ')}`, ...open];
  return open.length > 0 ? open : [`${of}none`];
}

function measureColumns(rows: readonly Row[]): Column[] {
  const names = [...new Set(rows.flatMap(({ figures }) => [...(figures?.measures.keys() ?? [])]))];
  return names.map((name) => ({
    head: name,
    isNumber: rows.every(({ figures }) => {
      const value = figures?.measures.get(name);
      return value === undefined || typeof value === 'number';
    }),
    cell({ figures }) {
      const value = figures?.measures.get(name);
      return value === undefined ? [] : [measureText(value)];
    },
  }));
}

/** The columns of `--columns`; without it, those in which a row has something to say. */
export function chosenColumns(
  rows: readonly Row[],
  given: Values[string],
): { readonly columns: readonly Column[] } | { readonly problem: string } {
  const measures = measureColumns(rows);
  if (given === undefined) {
    const notable = rows.some(isNotable) ? [fixed.result] : [];
    const others = [
      fixed.models, fixed.latency, fixed.time, fixed.actions, fixed.operations, ...measures,
    ];
    const filled = others.filter((column) => rows.some((row) => column.cell(row).length > 0));
    return { columns: [fixed.scenario, ...notable, ...filled] };
  }
  const columns: Column[] = [];
  for (const name of String(given).split(',').map((one) => one.trim())) {
    const own = measures.find(({ head }) => head === name);
    if (name === 'measures') columns.push(...measures);
    else if (isFixed(name)) columns.push(fixed[name]);
    else if (own !== undefined) columns.push(own);
    else {
      const known = [...columnNames, ...measures.map(({ head }) => head)];
      const hint = didYouMean(name, known) ?? `use some of ${oneOf(known)}`;
      return { problem: `--columns: there is no column \`${name}\` (${hint})` };
    }
  }
  return { columns };
}

function isFixed(name: string): name is keyof typeof fixed {
  return Object.hasOwn(fixed, name);
}
