// How long tests and the hosts they start wait. These limits only end a hang: they are far above
// what a busy machine needs, so that no test measures time by accident.

/** For a single event, response, or element of a page. */
export const patienceMs = 120_000;
/** For a whole test: longer, so that a failure names the thing that the test waited for. */
export const testMs = 300_000;
/** For a program that starts, perhaps for the first time on this machine. */
export const startMs = 300_000;
/** For a whole suite inside an editor. */
export const suiteMs = 1_800_000;
