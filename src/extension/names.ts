// The names that the manifest and the code share; tests compare the two.
import { byPanel, type PanelName } from '../view/panels.ts';

export const debugType = 'lockstep';

/** The command that opens a panel, such as `lockstep.openStateMachine`. */
export const openCommands: Record<PanelName, string> = byPanel(
  ({ title }) => `lockstep.open${title.replaceAll(/\W/g, '')}`,
);

export const commands = {
  debugScenario: 'lockstep.debugScenario',
  runScenario: 'lockstep.runScenario',
  newProtocol: 'lockstep.newProtocol',
  copyProtocol: 'lockstep.copyProtocol',
  openSamples: 'lockstep.openSamples',
  compareScenarios: 'lockstep.compareScenarios',
  openHistoryFile: 'lockstep.openHistoryFile',
  openHistoryAsText: 'lockstep.openHistoryAsText',
  breakGenerals: 'lockstep.breakGenerals',
  leaveBranch: 'lockstep.leaveBranch',
} as const;

/** What the conditions of menus in the manifest read. */
export const contextKeys = {
  onBranch: 'lockstep.onBranch',
  /** The panel that was last given the focus. */
  focusedPanel: 'lockstep.focusedPanel',
} as const;

/** The view types of the panels: VS Code restores them by these after a reload of the window. */
export const panelTypes: Record<PanelName, string> = byPanel(({ name }) => `lockstep.${name}`);

/**
 * The view types of the editor of history files: of those that can be nothing else, which it opens
 * by default, and of others, which a user may open in it.
 */
export const historyEditor = 'lockstep.historyFile';
export const optionalHistoryEditor = 'lockstep.historyText';

export const settings = {
  /** `automatically` or `manually`. */
  openPanels: 'lockstep.panels.open',
} as const;

/** The DAP event and request that carry the panels' messages. */
export const viewEvent = 'lockstep/view';
export const panelRequest = 'lockstep/panel';

/** The DAP request that replays the run on the protocol as it is saved now. */
export const reloadRequest = 'lockstep/reload';

/** The DAP request that goes back to where the branch of the cursor parted. */
export const leaveBranchRequest = 'lockstep/leaveBranch';
