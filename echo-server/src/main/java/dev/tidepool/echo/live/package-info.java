/** The live view of a running server: samples of its memory, for the page and the terminal. */
@NullMarked
package dev.tidepool.echo.live;

import org.jspecify.annotations.NullMarked;
