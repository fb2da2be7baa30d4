/** One domain as squeezed knows it: its keys, kept up to date by watches, and the values that the daemon last wrote. */
import type { Domain, Reason } from "../../xen.js";
import type { Store } from "../../xenstore.js";

/** Xen keeps so much more of maxmem for every domain that is not pv. In KiB. */
const XEN_MAX_OFFSET_KIB = 1024;

const KIB_PER_PAGE = 4;

/** A domain with its keys as numbers of KiB; null where a key is absent or no number. */
export class WatchedDomain {
  readonly domid: number;
  /** Xen's own part of the domain's maxmem, in KiB. */
  readonly xenMaxOffsetKib: number;
  /** True once control/feature-balloon is there. */
  canBalloon = false;
  /** True once data/updated is there: the guest's agent runs. */
  hasAgent = false;
  dynamicMinKib: number | null = null;
  dynamicMaxKib: number | null = null;
  targetKib: number | null = null;
  memoryOffsetKib: number | null = null;
  initialReservationKib: number | null = null;
  /**
   * maxmem as the daemon remembers it, in KiB: at first Xen's value less Xen's own part, then the last value written, which
   * has the offsets in it. So the first write of an unchanged maxmem is made once more, and a rise within the offsets is
   * taken for none.
   */
  rememberedMaxmemKib: number;
  /** The last look that saw it on target, or without driver. */
  lastOnTargetMs: number;
  isUncooperative = false;
  /** The reason that was told last. */
  reason: Reason | null = null;

  /** Reads the keys and watches them from now on. Xen gives no domid twice, so that the watches end with the domain. */
  constructor(domain: Domain, store: Store, nowMs: number) {
    const { domid } = domain;
    this.domid = domid;
    this.xenMaxOffsetKib = domain.type === "pv" ? 0 : XEN_MAX_OFFSET_KIB;
    this.rememberedMaxmemKib = this.ownMaxmemKib(domain);
    this.lastOnTargetMs = nowMs;
    const watch = (key: string, hear: (value: string | undefined) => void): void => store.watch(domid, key, hear);
    watch("control/feature-balloon", (value) => {
      this.canBalloon = value !== undefined;
    });
    watch("data/updated", (value) => {
      this.hasAgent = value !== undefined;
    });
    watch("memory/dynamic-min", (value) => {
      this.dynamicMinKib = kibOf(value);
    });
    watch("memory/dynamic-max", (value) => {
      this.dynamicMaxKib = kibOf(value);
    });
    watch("memory/target", (value) => {
      this.targetKib = kibOf(value);
    });
    watch("memory/memory-offset", (value) => {
      this.memoryOffsetKib = kibOf(value);
    });
    watch("memory/initial-reservation", (value) => {
      this.initialReservationKib = kibOf(value);
    });
  }

  /** True once something runs in it that could balloon. Before that, its memory is as its builder left it. */
  get hasBooted(): boolean {
    return this.canBalloon || this.hasAgent;
  }

  /** The domain's maxmem without Xen's own part, in KiB of whole pages. */
  ownMaxmemKib(domain: Domain): number {
    return Math.floor(domain.maxmemKib / KIB_PER_PAGE) * KIB_PER_PAGE - this.xenMaxOffsetKib;
  }
}

/** Reads a number of KiB. */
function kibOf(value: string | undefined): number | null {
  return value !== undefined && /^-?\d+$/.test(value) ? Number(value) : null;
}
