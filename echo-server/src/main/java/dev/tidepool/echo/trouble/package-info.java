/** Trouble to watch on the live page: clients that misbehave, and a handler that leaks. */
@NullMarked
package dev.tidepool.echo.trouble;

import org.jspecify.annotations.NullMarked;
