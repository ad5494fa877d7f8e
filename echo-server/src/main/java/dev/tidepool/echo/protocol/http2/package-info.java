/** HTTP/2: its codecs and limits, the server's streams, the load's client. */
@NullMarked
package dev.tidepool.echo.protocol.http2;

import org.jspecify.annotations.NullMarked;
