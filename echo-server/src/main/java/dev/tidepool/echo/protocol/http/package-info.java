/** HTTP/1.1 and, beside it on the same port, WebSocket. */
@NullMarked
package dev.tidepool.echo.protocol.http;

import org.jspecify.annotations.NullMarked;
