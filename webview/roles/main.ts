/** Entry point of the panel that draws the state machine of a role. */

import { Play } from '../play/play.ts';
import { startPanel } from '../ui/host.ts';
import { RolesPanel } from './panel.ts';

new Play(startPanel('roles', RolesPanel));
