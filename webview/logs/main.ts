/** Entry point of the panel of all logs in one table. */

import { Play } from '../play/play.ts';
import { startPanel } from '../ui/host.ts';
import { LogsPanel } from './panel.ts';

new Play(startPanel('logs', LogsPanel));
