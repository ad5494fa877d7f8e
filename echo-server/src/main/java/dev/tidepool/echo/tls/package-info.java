/** TLS: its engines, certificates and trust, and its events as plain sockets have them. */
@NullMarked
package dev.tidepool.echo.tls;

import org.jspecify.annotations.NullMarked;
