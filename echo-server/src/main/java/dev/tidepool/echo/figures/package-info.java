/** how figures and addresses are written for people. */
@NullMarked
package dev.tidepool.echo.figures;

import org.jspecify.annotations.NullMarked;
