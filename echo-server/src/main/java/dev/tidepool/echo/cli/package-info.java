/** How option values are read from the command line. */
@NullMarked
package dev.tidepool.echo.cli;

import org.jspecify.annotations.NullMarked;
