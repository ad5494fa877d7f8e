/** The demo: server and load in one process, and a summary that explains itself to a newcomer. */
@NullMarked
package dev.tidepool.echo.demo;

import org.jspecify.annotations.NullMarked;
