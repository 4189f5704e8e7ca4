/** Entry point of the panel of all logs in one table. */

import { startPanel } from '../ui/host.ts';
import { LogsPanel } from './panel.ts';

startPanel('logs', LogsPanel);
