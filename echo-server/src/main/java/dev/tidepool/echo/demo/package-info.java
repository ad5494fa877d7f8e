/** Server and load in one process, told so that a newcomer sees what the arenas did. */
@NullMarked
package dev.tidepool.echo.demo;

import org.jspecify.annotations.NullMarked;
