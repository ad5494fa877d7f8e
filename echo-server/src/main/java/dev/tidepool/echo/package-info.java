/**
 * The command line: serve, load, compare and demo run Tidepool's arena allocator over real sockets.
 */
@NullMarked
package dev.tidepool.echo;

import org.jspecify.annotations.NullMarked;
