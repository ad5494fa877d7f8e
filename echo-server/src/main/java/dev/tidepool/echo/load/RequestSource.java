package dev.tidepool.echo.load;

/**
 * What a connection asks for the requests that it is to send, and tells of its end. Event loop
 * only.
 */
interface RequestSource {
  /** No request is to be sent now. */
  long NOTHING_DUE = Long.MIN_VALUE;

  /**
   * Whether a request is to be sent now.
   *
   * @return the time at which the schedule has it; {@code now} without a schedule; {@link
   *     #NOTHING_DUE}
   */
  long due(long now);

  /** The request that is due is sent, or is cut off in the middle. */
  void begun(long intendedNanos);

  /**
   * Another request is to be sent in the place of the last that was begun.
   *
   * @param intendedNanos as it was told when the request was begun
   */
  void takenBack(long intendedNanos);

  /** Whether there will be more requests. */
  boolean hasMore();

  /** All that were sent are answered, and there will be no more. */
  void finished();

  /**
   * The connection has ended.
   *
   * @param worked whether it was of use, or the load ended it, so that the next may be opened at
   *     once
   */
  void ended(boolean worked);
}
