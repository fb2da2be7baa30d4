/** Takes from a thread what would let a policy decide otherwise at each run: results follow from a plan's files alone. */

const OWN = "a policy decides alike at each run";

/** Makes Math.random and the clock of the real world throw, for all that the thread loads from now on. */
export function withoutChance(): void {
  Math.random = () => {
    throw new Error(`Math.random(): ${OWN}; have random numbers of your own, from a seed`);
  };
  const now = (): never => {
    throw new Error(`Date: ${OWN}; the host's time is xen.nowMs`);
  };
  globalThis.Date = new Proxy(Date, {
    // called as a function, Date tells the real time whatever its arguments
    apply: now,
    construct: (target, args, newTarget) => (args.length === 0 ? now() : Reflect.construct(target, args, newTarget)),
    get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
  });
}
