/** What a load requests of a server given by its URL, and how it verifies the answers. */
@NullMarked
package dev.tidepool.echo.protocol.url;

import org.jspecify.annotations.NullMarked;
