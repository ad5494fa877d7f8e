/** The server: accepts connections, and answers, drains and closes them in any protocol. */
@NullMarked
package dev.tidepool.echo.server;

import org.jspecify.annotations.NullMarked;
