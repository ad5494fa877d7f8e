package dev.tidepool.echo.live;

/**
 * A reported leak. Its components are the names of the page's JSON.
 *
 * @param atMillis when it was reported, in milliseconds of the epoch
 * @param connection the name of its connection
 * @param request the number of the request that it is from
 * @param bytes the buffer's capacity; 0 for a hold
 * @param text the report as it is logged, with its stack if that was recorded
 */
public record LiveLeak(long atMillis, String connection, int request, long bytes, String text) {}
