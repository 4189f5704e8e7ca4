/** Entry point of the cluster panel: nodes, messages in flight, partitions and logs at a moment. */

import { followViews } from '../host.ts';
import { dressPage } from '../theme.ts';
import { ClusterPanel } from './panel.ts';

dressPage();
const panel = new ClusterPanel();
(document.getElementById('app') ?? document.body).append(panel);
followViews((state) => {
  panel.state = state;
});
