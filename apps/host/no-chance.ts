/**
 * Takes from a thread what most often lets a policy decide otherwise at each run: results are to follow from a plan's files
 * alone. Who asks for chance or for the real time in a rarer way is not noticed.
 */

const OWN = "a policy decides alike at each run";

function chance(): never {
  throw new Error(`Math.random(): ${OWN}; have random numbers of your own, from a seed`);
}

function clock(): never {
  throw new Error(`the real time: ${OWN}; the host's time is xen.nowMs`);
}

/** Makes Math.random and the clocks of Date and performance throw in this thread. A second call does nothing. */
export function withoutChance(): void {
  if (Math.random === chance) return;
  Math.random = chance;
  performance.now = clock;
  Date.now = clock;
  const withoutClock = new Proxy(Date, {
    // called as a function, Date tells the real time whatever its arguments
    apply: clock,
    construct: (target, args, newTarget) => (args.length === 0 ? clock() : Reflect.construct(target, args, newTarget)),
  });
  Date.prototype.constructor = withoutClock;
  globalThis.Date = withoutClock;
}
