/** Entry point of the cluster panel: nodes, messages in flight, partitions and logs at a moment. */

import { startPanel } from '../ui/host.ts';
import { ClusterPanel } from './panel.ts';

startPanel('cluster', ClusterPanel);
