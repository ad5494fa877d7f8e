package dev.tidepool.echo.protocol;

/**
 * One request of a connection, computed from the load's seed, so that its answer can be verified
 * without a copy of what was sent.
 *
 * @param sequence 0 for the connection's first
 */
public record Request(long sequence, Payload payload) {}
