/** The HTTP server of the live page: its files, its JSON, its events. */
@NullMarked
package dev.tidepool.echo.live.http;

import org.jspecify.annotations.NullMarked;
