package dev.tidepool.echo.compare;

/**
 * A run that failed. One line of the raw data.
 *
 * @param failure what happened
 * @param round 0: in the pilot
 */
public record RunFailure(String failure, String scenario, String subject, int round) {}
