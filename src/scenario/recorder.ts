/**
 * Records the hypercalls of a guest for a trace line.
 */

import { type CallName, callName } from "../host/hypercall.js";
import type { HypercallObserver } from "../host/hypercall-observer.js";
import type { Mfn, Pfn } from "../host/units.js";
import { addWord, addWords, EMPTY_DIGEST, formatDigest } from "./digest.js";

/** A memory_op call: command, extents, result, digests of the list before and after. */
export type RecordedCall = readonly [CallName, number, number, string, string];

/** The most calls that a line lists one by one. */
const FIRST_CALLS = 16;

export class CallRecorder implements HypercallObserver {
  #calls = 0;
  #callsDigest = EMPTY_DIGEST;
  #first: RecordedCall[] = [];
  /** The list of the call under way. */
  #frameList: Uint32Array = new Uint32Array();
  #listBefore = EMPTY_DIGEST;
  #vaMappings = 0;
  #vaDigest = EMPTY_DIGEST;

  beforeMemoryOp(_cmd: number, extents: number, frameList: Uint32Array): void {
    this.#frameList = frameList;
    this.#listBefore = addWords(EMPTY_DIGEST, frameList, extents);
  }

  afterMemoryOp(cmd: number, extents: number, rc: number): void {
    const before = this.#listBefore;
    const after = addWords(EMPTY_DIGEST, this.#frameList, extents);
    if (this.#calls < FIRST_CALLS) {
      this.#first.push([callName(cmd), extents, rc, formatDigest(before), formatDigest(after)]);
    }
    for (const word of [cmd, extents, rc, before, after]) this.#callsDigest = addWord(this.#callsDigest, word);
    this.#calls++;
  }

  vaMapping(pfn: Pfn, mfn: Mfn, writable: boolean): void {
    this.#vaDigest = addWord(addWord(addWord(this.#vaDigest, pfn), mfn), writable ? 1 : 0);
    this.#vaMappings++;
  }

  /** Returns `calls` and `va` for a line, and starts a new record. */
  take(): {
    calls: { n: number; digest: string; first: RecordedCall[] };
    va: { n: number; digest: string };
  } {
    const calls = { n: this.#calls, digest: formatDigest(this.#callsDigest), first: this.#first };
    const va = { n: this.#vaMappings, digest: formatDigest(this.#vaDigest) };
    this.#calls = 0;
    this.#callsDigest = EMPTY_DIGEST;
    this.#first = [];
    this.#vaMappings = 0;
    this.#vaDigest = EMPTY_DIGEST;
    return { calls, va };
  }
}
