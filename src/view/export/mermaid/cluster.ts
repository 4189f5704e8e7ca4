/** The cluster at a moment as a Mermaid flowchart: nodes, and what is between them. */
import type { ClusterView, NodeView } from '../../cluster/cluster-view.ts';
import { islandText, labels } from '../../panel-words/export.ts';
import { messageDetails } from '../../panel-words/traffic.ts';
import { outcomeWord } from '../../panel-words/sequence.ts';
import { mermaidLabel, mermaidLines } from './label.ts';

/** More arrows cannot be told apart. */
const messagesMost = 60;

const shapes: Readonly<Record<NodeView['area'], readonly [string, string]>> = {
  peers: ['(["', '"])'],
  clients: ['["', '"]'],
  services: ['[("', '")]'],
};

/** Arrows look as in the sequence: a delivered message is thick, one in flight dashed. */
export function clusterToMermaid(view: ClusterView): string {
  const keys = new Map(view.nodes.map(({ id }, index) => [id, `n${index}`]));
  const key = (id: string) => keys.get(id);
  const lines = ['flowchart LR', ...nodeLines(view, key)];
  const arrow = (from: string, to: string, sign: string, label: string) => {
    const [begin, end] = [key(from), key(to)];
    if (begin !== undefined && end !== undefined) {
      lines.push(`    ${begin} ${sign}|"${label}"| ${end}`);
    }
  };
  const { arrived, messages, lost, cuts } = view;
  if (arrived) {
    arrow(arrived.from, arrived.to, '==>', mermaidLines([arrived.type, arrived.details]));
  }
  for (const one of messages.slice(0, messagesMost)) {
    arrow(one.from, one.to, '-.->', mermaidLines([one.type, messageDetails(one)]));
  }
  for (const one of lost) {
    const outcome = outcomeWord(one.refused ? 'reset' : 'lost');
    arrow(one.from, one.to, '--x', mermaidLines([`${one.type} (${outcome})`, one.details]));
  }
  for (const { from, to } of cuts) arrow(from, to, '-.-x', mermaidLabel(labels.cut));
  const off = view.nodes.filter(({ status }) => status !== 'running').map(({ id }) => key(id)!);
  if (off.length > 0) lines.push(`    style ${off.join(',')} stroke-dasharray: 4 4`);
  return `${lines.join('\n')}\n`;
}

/** The groups that reach each other are boxes, if the network is divided. */
function nodeLines(
  { nodes, islands }: ClusterView,
  key: (id: string) => string | undefined,
): string[] {
  const line = (node: NodeView) => {
    const [open, close] = shapes[node.area];
    return `    ${key(node.id)}${open}${mermaidLines(aboutNode(node))}${close}`;
  };
  const grouped = new Set(islands.flat());
  const inside = islands.flatMap((ids, index) => [
    `    subgraph g${index}["${mermaidLabel(islandText(index + 1))}"]`,
    ...nodes.filter(({ id }) => ids.includes(id)).map((node) => `    ${line(node)}`),
    '    end',
  ]);
  return [...inside, ...nodes.filter(({ id }) => !grouped.has(id)).map(line)];
}

function aboutNode({ id, standing, status, epoch, facts }: NodeView): string[] {
  return [
    id,
    status === 'running' ? standing : status,
    epoch ? `${epoch.name} ${epoch.value}` : '',
    ...facts.slice(0, 3).map(({ name, value }) => `${name} ${value}`),
  ];
}
