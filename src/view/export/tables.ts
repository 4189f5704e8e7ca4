/** What the pictures of a moment show, as tables. */
import type { ClusterView, SequenceView, Views } from '../contract.ts';
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
      title: 'Nodes',
      columns: ['Node', 'Role', 'Standing', 'State', 'Epoch', 'Facts'],
      rows: nodes.map(({ id, role, standing, status, epoch, facts }) => [
        id, role, standing, status, epoch ? `${epoch.name} ${epoch.value}` : '',
        facts.map(({ name, value }) => `${name}: ${value}`).join(', '),
      ]),
    },
    {
      title: 'Messages in flight',
      columns: ['Message', 'From', 'To', 'Details'],
      rows: messages.map(({ type, from, to, details }) => [type, from, to, details]),
    },
    {
      title: 'Cut links',
      columns: ['From', 'To'],
      rows: cuts.map(({ from, to }) => [from, to]),
    },
  ];
}

function sequenceTable({ items }: SequenceView): Table {
  return {
    title: 'Steps',
    columns: ['Step', 'What happened'],
    rows: items.map((item) => [String(item.step), itemInWords(item)]),
  };
}
