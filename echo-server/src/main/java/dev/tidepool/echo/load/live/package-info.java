/** How a load goes while it runs: figures of the last second, read from its tally. */
@NullMarked
package dev.tidepool.echo.load.live;

import org.jspecify.annotations.NullMarked;
