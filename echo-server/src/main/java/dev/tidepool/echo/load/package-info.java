/** The load client: seeded requests, every byte of the answers verified, latencies recorded. */
@NullMarked
package dev.tidepool.echo.load;

import org.jspecify.annotations.NullMarked;
