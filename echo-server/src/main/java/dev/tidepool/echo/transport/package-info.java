/** The ways to the kernel's sockets: nio, epoll and io_uring. */
@NullMarked
package dev.tidepool.echo.transport;

import org.jspecify.annotations.NullMarked;
