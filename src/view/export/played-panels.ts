/** The panels that a recorded run plays: those that draw their views and ask for nothing more. */
import type { PanelName } from '../panels.ts';

export const playedPanels: readonly PanelName[] = ['cluster', 'sequence', 'history'];
