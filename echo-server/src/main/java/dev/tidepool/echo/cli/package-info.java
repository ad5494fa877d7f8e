/** The conversion of option values, and help texts that are computed. */
@NullMarked
package dev.tidepool.echo.cli;

import org.jspecify.annotations.NullMarked;
