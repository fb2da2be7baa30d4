/** Squeezed as a policy: its period, and starts. */
import { expect, test } from "vitest";
import { squeezed } from "xen-balloon/toolstack";
import { askToStart, balloonKeys, policyHost, writesOf } from "../../../support/policy-host.js";

/** A pv guest with a range of 2^18 KiB, on a host with 100,000 KiB free. */
const hostOf = (kind: "ideal" | "stuck" = "ideal") =>
  policyHost({ totalKib: 462_144 }, [
    {
      domid: 1,
      type: "pv",
      actualKib: 362_144,
      maxmemKib: 362_144,
      keys: balloonKeys(100_000, 362_144, 362_144),
      kind,
    },
  ]);
/** With 6 MiB of overhead: 3 of shadow memory, and 3 of Xen's tables. */
const LATE = { memoryKib: 100_000, minimumKib: 100_000, maximumKib: 262_144 };

test("looks ten seconds after the end of the last balance", () => {
  const host = hostOf();
  // 40,000 KiB less free than the reserve and the guest's inaccuracy want
  host.take(66_280);
  host.drive(squeezed().run(host), 30_000);
  expect(writesOf(host).filter(([, , key]) => key === "target")).toEqual([
    // 33,720 + 262,136 - 73,728 = 222,128
    [10_000, 1, "target", "322128"],
  ]);
  host.take(-400);
  host.drive(squeezed().run(host), 45_000);
  expect(writesOf(host).filter(([, , key]) => key === "target")).toEqual([[40_000, 1, "target", "322528"]]);
});

test("frees memory for a start, and promises it to the domain", () => {
  const host = hostOf();
  const answers = askToStart(host, LATE, 2);
  host.drive(squeezed().run(host), 5000);
  expect(answers).toEqual([{ grantedKib: 100_000, domid: 2, atMs: 1000 }]);
  // 362,136 - 106,144 - 73,728 = 182,264 above dynamic-min
  expect(host.store.read(1, "memory/target")).toBe("282264");
  expect(host.store.read(2, "memory/initial-reservation")).toBe("106144");
  expect(host.guest(2).maxmemKib).toBe(107_168);
});

test("gives a start with a range its share", () => {
  const host = hostOf();
  // 356,008 of two ranges of 2^18, and 6,144 of overhead below both ends: the share is 140,268 above the minimum
  const answers = askToStart(host, { ...LATE, minimumKib: 10_000, memoryKib: 272_144, maximumKib: 262_144 }, 2);
  host.drive(squeezed().run(host), 5000);
  expect(answers).toMatchObject([{ domid: 2, atMs: 1000 }]);
  expect(host.guest(1).actualKib + Number(host.store.read(2, "memory/initial-reservation"))).toBe(462_144 - 73_728);
});

test("refuses a start with the reason: the floors, a stuck guest, or nobody with a driver", () => {
  const refuse = (host: ReturnType<typeof hostOf>, kib = 300_000) => {
    const answers = askToStart(host, { ...LATE, memoryKib: kib, minimumKib: kib }, 2);
    host.drive(squeezed().run(host), 20_000);
    return answers;
  };
  // 306,144 and the reserve are needed
  const short = "HOST_NOT_ENOUGH_FREE_MEMORY: 379872 KiB needed, 362144 KiB free";
  expect(refuse(hostOf())).toMatchObject([{ reason: "floor", words: short }]);
  // the guest is stuck, but all that it may give would not have been enough
  const failed = { words: "VMS_FAILED_TO_COOPERATE: domid 1", atMs: 6000 };
  expect(refuse(hostOf("stuck"))).toEqual([{ reason: "floor", ...failed }]);
  expect(refuse(hostOf("stuck"), 200_000)).toEqual([{ reason: "stuck-donor", ...failed }]);
  const nobody = policyHost({ totalKib: 200_000 }, []);
  expect(refuse(nobody)).toMatchObject([{ reason: "host-empty", atMs: 0 }]);
});

test("a start that comes during a balance waits for its end", () => {
  const host = hostOf("stuck");
  host.take(80_000);
  const answers: unknown[] = [];
  host.plan(12_000, () => {
    askToStart(host, { ...LATE, grant: () => 1, refuse: (reason) => answers.push([reason, host.nowMs]) }, 2);
  });
  host.drive(squeezed().run(host), 40_000);
  // the balance takes from 10 to 16 s, and the request another six
  expect(answers).toEqual([["stuck-donor", 22_000]]);
});
