/** The live view in a terminal: lines of figures, and a screen that is redrawn in place. */
@NullMarked
package dev.tidepool.echo.terminal;

import org.jspecify.annotations.NullMarked;
