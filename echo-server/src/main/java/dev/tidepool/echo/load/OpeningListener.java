package dev.tidepool.echo.load;

/**
 * Is told how the opening of a connection went. May be called more than once: the first call
 * counts.
 */
interface OpeningListener {
  /** The connection is ready for requests. */
  void opened();

  /** The connection could not be opened. */
  void failed(Throwable cause);
}
