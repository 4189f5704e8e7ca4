/** Entry point of the panel Locks and Leases. */

import { Play } from '../play/play.ts';
import { startPanel } from '../ui/host.ts';
import { LocksPanel } from './panel.ts';

new Play(startPanel('locks', LocksPanel));
