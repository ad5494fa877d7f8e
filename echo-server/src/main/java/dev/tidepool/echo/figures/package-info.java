/** Formatting of figures, summaries, addresses and failures. */
@NullMarked
package dev.tidepool.echo.figures;

import org.jspecify.annotations.NullMarked;
