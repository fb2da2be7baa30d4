// A transform of the compiler: keeps functions out of line that it would write out at each of their calls. None of them is
// called for each page of a batch, so a call costs nothing that could be measured; together they save 1.9 KiB of what a
// guest loads (test/engine/boundary.test.ts has the limit).

/** The functions by their names in the compiler: the file, and the class if there is one. */
const OUT_OF_LINE = [
  // at boot
  "assembly/common/number-set/wordsFor",
  "assembly/xen/layout/reserve",
  "assembly/common/lanes/shuffleOf",
  "assembly/balloon/entry-deque/EntryDeque.bytesFor",
  // for a map of the guest
  "assembly/balloon/census/add",
  // once a batch, or more rarely
  "assembly/common/piece-table/PieceTable<assembly/common/block-rooms/OwnRooms>#least",
  "assembly/common/piece-table/PieceTable<assembly/common/block-rooms/SharedRooms>#least",
  "assembly/common/piece-table/PieceTable<assembly/common/block-rooms/SharedRooms>#at",
  "assembly/balloon/entry-deque/EntryDeque#clear",
  "assembly/balloon/entry-deque/EntryDeque#moveDown",
  "assembly/balloon/entry-deque/writeMaskLeft",
  "assembly/balloon/page-allocator/allocatable",
  "assembly/balloon/page-allocator/freePages",
  "assembly/common/number-set/NumberSet#lowestWord",
  "assembly/common/number-set/lowestLane",
  "assembly/common/block-rooms/SharedRooms#release",
  "assembly/xen/domain/domainAt",
  // the compiler makes one function of all getters at the same offset; none of them is asked for each page
  "assembly/common/number-set/NumberSet#get:count",
  "assembly/xen/domain/Domain#get:roomPages",
];

export default class OutOfLine {
  /** @param module - before it is optimised. The compiler adds `binaryen` to this class. */
  afterCompile(module) {
    for (const name of OUT_OF_LINE) {
      this.binaryen.setPassArgument("no-inline", name);
      module.runPasses(["no-inline"]);
    }
    this.binaryen.clearPassArguments();
  }
}
