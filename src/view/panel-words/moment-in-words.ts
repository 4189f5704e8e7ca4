/** A moment and its pictures in words: the text alternative that stands beside a picture. */
import type { Moment, Views } from '../contract.ts';
import type { SequenceView } from '../sequence/sequence-view.ts';
import { nodeTitle } from './cluster.ts';
import { spokenMoment } from './moment.ts';
import { itemInWords } from './sequence.ts';

/** One paragraph or line each. */
export function momentInWords(moment: Moment, views: Partial<Views>): string[] {
  const { cluster, sequence } = views;
  return [
    spokenMoment(moment),
    ...(cluster ? cluster.nodes.map((node) => nodeTitle(node).split('\n').join(' · ')) : []),
    ...(sequence ? currentInWords(sequence) : []),
  ];
}

function currentInWords({ items }: SequenceView): string[] {
  return items.filter(({ current }) => current).map((item) => itemInWords(item));
}
