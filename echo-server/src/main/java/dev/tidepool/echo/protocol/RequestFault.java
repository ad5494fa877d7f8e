package dev.tidepool.echo.protocol;

/**
 * The user event for a fault that ended one request of a connection, and not the connection.
 *
 * @param request names it
 */
public record RequestFault(String request, Throwable cause) {}
