/** The limits of logging. Internal: not exported from the module. */
@NullMarked
package dev.tidepool.allocator.logging;

import org.jspecify.annotations.NullMarked;
