// The names under which the manifest and the code know each other; a test compares the two.

export const debugType = 'lockstep';

export const commands = {
  debugScenario: 'lockstep.debugScenario',
  runScenario: 'lockstep.runScenario',
  newProtocol: 'lockstep.newProtocol',
  openCluster: 'lockstep.openCluster',
  openSequence: 'lockstep.openSequence',
} as const;

export const panelTypes = {
  cluster: 'lockstep.cluster',
  sequence: 'lockstep.sequence',
} as const;

export type PanelName = keyof typeof panelTypes;

export const settings = {
  /** `automatically` or `manually`. */
  openPanels: 'lockstep.panels.open',
} as const;

/** The DAP event and request that carry the panels' messages. */
export const viewEvent = 'lockstep/view';
export const panelRequest = 'lockstep/panel';

/** The DAP request that takes the same actions on the protocol as it is saved now. */
export const reloadRequest = 'lockstep/reload';
