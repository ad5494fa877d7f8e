package dev.tidepool.echo.protocol;

/** An answer arrived whole, and its status is not one that the verification accepts. */
public final class BadStatusException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * @param sequence the request's
   * @param status of HTTP
   * @param expected which ones are accepted, in words
   */
  public BadStatusException(long sequence, int status, String expected) {
    super("answer to request " + sequence + " has status " + status + ", expected " + expected);
    this.status = status;
  }

  /** The status, of HTTP. */
  public int status() {
    return status;
  }
}
