/**
 * The limits on the bytes of blocks that connections hold, each and all together. Pure accounting,
 * which knows no block, no arena and no channel. Not exported.
 */
@NullMarked
package dev.tidepool.allocator.budget;

import org.jspecify.annotations.NullMarked;
