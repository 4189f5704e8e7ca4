/** The panels: one descriptor each, from which all other parts derive names, titles and places. */

export interface PanelDescriptor {
  /** Also names the folder `webview/<name>`, the bundle, the element and the VS Code view type. */
  readonly name: string;
  /** The title of its tab; its command is `Open <title>`. */
  readonly title: string;
  /** The codicon of its command. */
  readonly icon: string;
  /** The half of the editor area's right side in which it opens. */
  readonly place: 'upper' | 'lower';
  /** Whether it opens with each session; otherwise only by its command. */
  readonly opensBySession: boolean;
}

export const panels = [
  { name: 'cluster', title: 'Cluster', icon: 'server', place: 'upper', opensBySession: true },
  {
    name: 'sequence', title: 'Sequence', icon: 'list-ordered', place: 'lower',
    opensBySession: true,
  },
  {
    name: 'spacetime', title: 'Space-Time', icon: 'git-merge', place: 'lower',
    opensBySession: false,
  },
  { name: 'history', title: 'History', icon: 'history', place: 'lower', opensBySession: false },
  { name: 'logs', title: 'Logs', icon: 'table', place: 'lower', opensBySession: false },
  {
    name: 'roles', title: 'State Machine', icon: 'type-hierarchy', place: 'upper',
    opensBySession: false,
  },
] as const satisfies readonly PanelDescriptor[];

export type PanelName = (typeof panels)[number]['name'];

export const panelNames: readonly PanelName[] = panels.map(({ name }) => name);

export function isPanelName(name: unknown): name is PanelName {
  return panels.some((panel) => panel.name === name);
}

/** The custom element that `webview/<name>` defines. */
export function panelElement(name: PanelName): string {
  return `lockstep-${name}`;
}

/** One value per panel, by its name. */
export function byPanel<Value>(
  valueOf: (panel: (typeof panels)[number]) => Value,
): Record<PanelName, Value> {
  const entries = panels.map((panel) => [panel.name, valueOf(panel)] as const);
  return Object.fromEntries(entries) as Record<PanelName, Value>;
}
