/** The policy in which nobody balloons. */
import { expect, test } from "vitest";
import { keep } from "xen-balloon/toolstack";
import { askToStart, policyHost, writesOf } from "../../support/policy-host.js";

// 100,000 + 2,048 of shadow memory + 2,048, in superpages: 104,448
const REQUEST = { memoryKib: 100_000, minimumKib: 50_000, maximumKib: 262_144 };

test.each([
  [104_448, [{ grantedKib: 100_000, domid: 2, atMs: 0 }]],
  [104_444, [{ reason: "host-empty", words: "104448 KiB needed, 104444 KiB free", atMs: 0 }]],
])("with %i KiB free", (freeKib, expected) => {
  const host = policyHost({ totalKib: 50_000 + freeKib }, [
    { domid: 1, actualKib: 50_000, usedKib: 90_000, keys: { "memory/target": 50_000 } },
  ]);
  const answers = askToStart(host, REQUEST, 2);
  host.drive(keep().run(host), 60_000);
  expect(answers).toEqual(expected);
  expect(host.explanations.get(1)).toBe("demand-unseen");
  expect(writesOf(host).filter(([, domid]) => domid === 1)).toEqual([]);
});
