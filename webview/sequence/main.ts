/** Entry point of the sequence panel: the last messages of the run as a Mermaid diagram. */

import { Play } from '../play/play.ts';
import { startPanel } from '../ui/host.ts';
import { SequencePanel } from './panel.ts';

const panel = startPanel('sequence', SequencePanel);
new Play(panel);
// Mermaid's first drawing takes three times as long as later ones, so it happens before the first
// stop.
if (!panel.state.shown) void panel.warmUp();
