/** Entry point of the panel that draws the state machine of a role. */

import { startPanel } from '../ui/host.ts';
import { RolesPanel } from './panel.ts';

startPanel('roles', RolesPanel);
