/** The constants of a build, which asconfig.json gives. */

/**
 * 1 if the driver puts the pages of a batch on its list last page first, 0 if in the order in which it took them. Code for
 * the other order is not in the file.
 */
declare const BATCHES_REVERSED: i32;
