/** Entry point of the Space-Time panel: the whole run on a canvas. */

import { Play } from '../play/play.ts';
import { startPanel } from '../ui/host.ts';
import { SpacetimePanel } from './panel.ts';

new Play(startPanel('spacetime', SpacetimePanel));
