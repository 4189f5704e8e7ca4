/** The words of exporting a picture: the menu, the result, and the names of files. */
import type { Moment } from '../contract.ts';
import type { PictureFormat } from '../export/picture-file.ts';
import { type PanelName, panels } from '../panels.ts';
import { timeText } from '../../kernel/text/duration.ts';
import { branchName } from './moment.ts';

export const labels = {
  export: 'Export…',
  close: 'Close',
  copy: 'Copy',
  save: 'Save…',
  noMermaid: 'There is nothing to draw with Mermaid yet.',
  noPicture: 'There is no picture yet: it is drawn at the first stop.',
  imageNotCopied: 'This browser does not copy images here: save the PNG',
  cut: 'cut',
  failed: 'failed',
  unknown: 'no response',
  historyTitle: 'Client operations by start and end',
  locksTitle: 'Locks and leases over virtual time',
  token: 'token',
  conflicts: 'conflicts',
  writes: 'writes',
  refused: 'refused',
  committed: 'committed',
  removed: 'removed',
  nodes: 'Nodes',
  node: 'Node',
  role: 'Role',
  standing: 'Standing',
  state: 'State',
  epoch: 'Epoch',
  facts: 'Facts',
  messages: 'Messages in flight',
  message: 'Message',
  from: 'From',
  to: 'To',
  details: 'Details',
  cuts: 'Cut links',
  steps: 'Steps',
  step: 'Step',
  what: 'What happened',
} as const;

/** A part of a divided network. */
export function islandText(number: number): string {
  return `part ${number}`;
}

/** The row of what a node believes that it holds. */
export function believesText(node: string): string {
  return `${node} believes`;
}

export const formatNames: Readonly<Record<PictureFormat, string>> = {
  svg: 'SVG', png: 'PNG', mermaid: 'Mermaid', markdown: 'Markdown',
};

const extensions: Readonly<Record<PictureFormat, string>> = {
  svg: 'svg', png: 'png', mermaid: 'mmd', markdown: 'md',
};

/** `cluster-step-12.svg`, `cluster-branch-2-step-12.svg`. */
export function fileName(panel: PanelName, format: PictureFormat, moment: Moment): string {
  const { branch, step } = moment;
  const place = branch === 0 ? `step-${step}` : `branch-${branch}-step-${step}`;
  return `${panel}-${place}.${extensions[format]}`;
}

export function titleOf(name: PanelName): string {
  return panels.find((panel) => panel.name === name)!.title;
}

/** `Cluster: A leader crashes, step 12`. */
export function pictureTitle(panel: PanelName, { title, step }: Moment): string {
  return `${titleOf(panel)}: ${title}, step ${step}`;
}

/** `leader-crash.scenario.yaml · step 12 of 184 · 1.204 s · branch 2`. */
export function placeText({ scenario, step, steps, time, branch }: Moment): string {
  const parts = [scenario, `step ${step} of ${steps}`, timeText(time), branchName(branch)];
  return parts.filter((part) => part !== '').join(' · ');
}

export function copiedText(format: PictureFormat): string {
  return `${formatNames[format]} copied`;
}

export function notCopiedText(format: PictureFormat): string {
  return `${formatNames[format]} could not be copied: save it as a file`;
}

/** The text links a picture that must be saved, too. */
export function copiedWithLink(picture: string): string {
  return `Markdown copied: it links ${picture}, which SVG saves`;
}

export function notExported(format: PictureFormat, why: string): string {
  return `${formatNames[format]} could not be made: ${why}`;
}

/** Of a picture that is too large for twice its size. */
export function scaledText(scale: number): string {
  return `The picture is large: the PNG has ${scale.toFixed(2)} times its size`;
}
