/** Entry point of the History panel: of a debug session, or of a history file in its editor. */

import { Play } from '../play/play.ts';
import { startPanel } from '../ui/host.ts';
import { HistoryFile, startFile } from './file.ts';
import { HistoryPanel } from './panel.ts';

const isOfFile = document.getElementById('app')?.dataset.of === 'file';
if (isOfFile) startFile(HistoryFile);
else new Play(startPanel('history', HistoryPanel));
