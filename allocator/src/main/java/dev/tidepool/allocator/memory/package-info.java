/**
 * Memory by lifetime: blocks, block pools, arenas and handles. Knows nothing of channels.
 *
 * <p>One thread rule holds for the whole package. A {@link
 * dev.tidepool.allocator.memory.BlockPool}, its {@link dev.tidepool.allocator.memory.Block blocks}
 * and the {@link dev.tidepool.allocator.memory.Arena arenas} that lease from it are touched by the
 * pool's owner thread alone or, when the pool has no owner thread (a lane for other threads, a pool
 * whose event loop ended), under the pool's lock. Shared are only the handles' reference counts,
 * the pool's list of remote releases and its flags: owner, closed, resting, asked.
 *
 * <p>Internal: not exported from the module.
 */
@NullMarked
package dev.tidepool.allocator.memory;

import org.jspecify.annotations.NullMarked;
