// The names that the manifest and the code share; tests compare the two.
import type { PictureFormat } from '../view/export/picture-file.ts';
import { byPanel, type PanelName } from '../view/panels.ts';

export const debugType = 'lockstep';

/** The command that opens a panel, such as `lockstep.openCluster`. */
export const openCommands: Record<PanelName, string> = byPanel(
  ({ name }) => `lockstep.open${capitalised(name)}`,
);

/** The command that opens a panel as a tab, such as `lockstep.openClusterInEditor`. */
export const editorCommands: Record<PanelName, string> = byPanel(
  ({ name }) => `lockstep.open${capitalised(name)}InEditor`,
);

/** The commands in the title of a panel's view, such as `lockstep.pinCluster`. */
export const pinCommands: Record<PanelName, string> = byPanel(
  ({ name }) => `lockstep.pin${capitalised(name)}`,
);

/** The commands that take their place while that view is pinned. */
export const followCommands: Record<PanelName, string> = byPanel(
  ({ name }) => `lockstep.follow${capitalised(name)}`,
);

/** A click on a row of the Runs view: the second one in a row goes there. No menu names it. */
export const clickRun = '_lockstep.clickRun';

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
  goToRun: 'lockstep.goToRun',
  nameRun: 'lockstep.nameRun',
  deleteRun: 'lockstep.deleteRun',
  saveRunAsScenario: 'lockstep.saveRunAsScenario',
  saveRunAsTrace: 'lockstep.saveRunAsTrace',
  nearestRun: 'lockstep.nearestRun',
  compareRun: 'lockstep.compareRun',
  pinOrFollow: 'lockstep.pinOrFollow',
  present: 'lockstep.present',
  play: 'lockstep.play',
  pausePlaying: 'lockstep.pausePlaying',
  playingSpeed: 'lockstep.playingSpeed',
  exportRun: 'lockstep.exportRun',
  compareWithTwin: 'lockstep.compareWithTwin',
  findSchedule: 'lockstep.findSchedule',
  /** The same from the paused moment of the session. */
  findScheduleHere: 'lockstep.findScheduleHere',
  saveFinding: 'lockstep.saveFinding',
} as const;

/** The commands that export the picture of a panel, each in one format. */
export const exportCommands: Readonly<Record<PictureFormat, string>> = {
  svg: 'lockstep.exportSvg',
  png: 'lockstep.exportPng',
  mermaid: 'lockstep.exportMermaid',
  markdown: 'lockstep.exportMarkdown',
};

/** What the conditions of menus in the manifest read. */
export const contextKeys = {
  onBranch: 'lockstep.onBranch',
  /** Whether a search found something that can be saved. */
  hasFinding: 'lockstep.hasFinding',
  /** True since the extension was activated: the Runs view has something to say from then on. */
  isActive: 'lockstep.isActive',
  /** The panel that was last given the focus. */
  focusedPanel: 'lockstep.focusedPanel',
  /** The names of the panels that `Lockstep: Present` shows, with spaces between; else empty. */
  presented: 'lockstep.presented',
  /** The names of the panels whose views are pinned, with spaces between; else empty. */
  pinnedViews: 'lockstep.pinnedViews',
  /** Whether a panel plays the session. */
  playing: 'lockstep.playing',
} as const;

/** The view types of the panels: VS Code restores them by these after a reload of the window. */
export const panelTypes: Record<PanelName, string> = byPanel(({ name }) => `lockstep.${name}`);

/** The panels as views. */
export const viewTypes: Record<PanelName, string> = byPanel(({ name }) => `lockstep.view.${name}`);

/** The panels as views that exist while they are presented. */
export const presentedTypes: Record<PanelName, string> = byPanel(
  ({ name }) => `lockstep.presented.${name}`,
);

/** The view containers of the two. */
export const viewContainers = { views: 'lockstep', presented: 'lockstepPresented' } as const;

/**
 * The view types of the editor of history files: of those that can be nothing else, which it opens
 * by default, and of others, which a user may open in it.
 */
export const historyEditor = 'lockstep.historyFile';
export const optionalHistoryEditor = 'lockstep.historyText';

export const settings = {
  /** `automatically` or `manually`. */
  openPanels: 'lockstep.panels.open',
  /** `editor` or `views`. */
  placePanels: 'lockstep.panels.place',
} as const;

/** The DAP event and request that carry the panels' messages. */
export const viewEvent = 'lockstep/view';
export const panelRequest = 'lockstep/panel';

/** The DAP request that replays the run on the protocol as it is saved now. */
export const reloadRequest = 'lockstep/reload';

/** The DAP request that records the branch of the cursor as data that plays. */
export const exportRequest = 'lockstep/export';

/** The DAP requests and the event of searches for a schedule. */
export const findRequests = {
  targets: 'lockstep/findTargets',
  find: 'lockstep/find',
  cancel: 'lockstep/cancelFind',
  open: 'lockstep/openFinding',
  saved: 'lockstep/savedFinding',
} as const;
export const findProgressEvent = 'lockstep/findProgress';

/** The DAP request that goes back to where the branch of the cursor parted. */
export const leaveBranchRequest = 'lockstep/leaveBranch';

/** The DAP requests about branches, and the event that says what has changed of them. */
export const branchesRequest = 'lockstep/branches';
export const branchesEvent = 'lockstep/branches';
export const branchRequest = 'lockstep/branch';
/** Gives back what was kept; the event says what to keep from then on. */
export const keepBranchesRequest = 'lockstep/keepBranches';
export const keptBranchesEvent = 'lockstep/keptBranches';
export const saveBranchRequest = 'lockstep/saveBranch';
export const nearestRequest = 'lockstep/nearest';

/** The Runs view, in the side bar of the debugger. */
export const runsView = 'lockstep.runs';

function capitalised(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1);
}
