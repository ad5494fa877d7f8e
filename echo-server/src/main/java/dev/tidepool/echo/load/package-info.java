/** The load client: seeded requests, every echoed byte checked, latencies recorded. */
@NullMarked
package dev.tidepool.echo.load;

import org.jspecify.annotations.NullMarked;
