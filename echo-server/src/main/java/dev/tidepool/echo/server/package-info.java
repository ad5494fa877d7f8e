/** The server: its protocols, transports and allocators, and how a connection ends. */
@NullMarked
package dev.tidepool.echo.server;

import org.jspecify.annotations.NullMarked;
