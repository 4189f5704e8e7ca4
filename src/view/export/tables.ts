/** What the pictures of a moment show, as tables. */
import type { ClusterView } from '../cluster/cluster-view.ts';
import type { Views } from '../contract.ts';
import type { SequenceView } from '../sequence/sequence-view.ts';
import { labels } from '../panel-words/export.ts';
import { itemInWords } from '../panel-words/sequence.ts';
import type { Table } from './markdown.ts';

export function tablesOf({ cluster, sequence }: Partial<Views>): Table[] {
  return [
    ...(cluster ? clusterTables(cluster) : []),
    ...(sequence ? [sequenceTable(sequence)] : []),
  ];
}

function clusterTables({ nodes, messages, cuts }: ClusterView): Table[] {
  return [
    {
      title: labels.nodes,
      columns: [
        labels.node, labels.role, labels.standing, labels.state, labels.epoch, labels.facts,
      ],
      rows: nodes.map(({ id, role, standing, status, epoch, facts }) => [
        id, role, standing, status, epoch ? `${epoch.name} ${epoch.value}` : '',
        facts.map(({ name, value }) => `${name}: ${value}`).join(', '),
      ]),
    },
    {
      title: labels.messages,
      columns: [labels.message, labels.from, labels.to, labels.details],
      rows: messages.map(({ type, from, to, details }) => [type, from, to, details]),
    },
    {
      title: labels.cuts,
      columns: [labels.from, labels.to],
      rows: cuts.map(({ from, to }) => [from, to]),
    },
  ];
}

function sequenceTable({ items }: SequenceView): Table {
  return {
    title: labels.steps,
    columns: [labels.step, labels.what],
    rows: items.map((item) => [String(item.step), itemInWords(item)]),
  };
}
