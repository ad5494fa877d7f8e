/** What a request is on the wire: length-prefixed frames, or raw bytes as in RFC 862. */
@NullMarked
package dev.tidepool.echo.protocol;

import org.jspecify.annotations.NullMarked;
