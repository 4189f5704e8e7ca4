/** Entry point of the panel Locks and Leases. */

import { startPanel } from '../ui/host.ts';
import { LocksPanel } from './panel.ts';

startPanel('locks', LocksPanel);
