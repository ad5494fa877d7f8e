/** Memory by lifetime for Netty's channels. */
@NullMarked
package dev.tidepool.allocator.channel;

import org.jspecify.annotations.NullMarked;
