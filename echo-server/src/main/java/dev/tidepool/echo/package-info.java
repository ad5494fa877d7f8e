/** The echo server that carries Tidepool's arena allocator over real sockets, and its commands. */
@NullMarked
package dev.tidepool.echo;

import org.jspecify.annotations.NullMarked;
