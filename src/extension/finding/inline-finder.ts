// Searches inside the extension host: on the web, where there are no threads.
import type { Finder, Search } from '../../dap/find/finder.ts';

export const findInline: Finder = (job, report) => {
  let search: Search | undefined;
  let isOver = false;
  const done = import('../engine.ts').then(({ findHere }) => {
    if (isOver) return undefined;
    search = findHere(job, report);
    return search.done;
  });
  const end = () => {
    isOver = true;
    search?.end();
  };
  const cancel = () => {
    if (search !== undefined) return search.cancel();
    end();
    return false;
  };
  const check = (condition: string) => {
    void import('../engine.ts').then(() => search?.check?.(condition));
  };
  return { done, end, cancel, check };
};
