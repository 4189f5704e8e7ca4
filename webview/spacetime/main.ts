/** Entry point of the Space-Time panel: the whole run on a canvas. */

import { startPanel } from '../ui/host.ts';
import { SpacetimePanel } from './panel.ts';

startPanel('spacetime', SpacetimePanel);
