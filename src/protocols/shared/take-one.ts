/** Takes one item out of a list, such as the request that an answer is for. */

/** Removes and returns the first item that is wanted; undefined if there is none. */
export function takeOne<Item>(list: Item[], isWanted: (item: Item) => boolean): Item | undefined {
  const index = list.findIndex(isWanted);
  return index < 0 ? undefined : list.splice(index, 1)[0];
}
