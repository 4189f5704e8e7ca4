/** Entry point of the sequence panel: the last messages of the run as a Mermaid diagram. */

import { dressPage } from '../theme.ts';
import { followViews } from '../host.ts';
import { SequencePanel } from './panel.ts';

dressPage();
const panel = new SequencePanel();
(document.getElementById('app') ?? document.body).append(panel);
followViews((state) => {
  panel.state = state;
});
// The first drawing takes three times as long as those after it: it should not be the first stop's.
if (!panel.state.view) void panel.warmUp();
