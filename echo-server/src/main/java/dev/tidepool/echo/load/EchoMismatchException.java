package dev.tidepool.echo.load;

/** An echoed byte is not the byte that was sent. */
public final class EchoMismatchException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int mismatchedBytes;

  EchoMismatchException(String message, int mismatchedBytes) {
    super(message);
    this.mismatchedBytes = mismatchedBytes;
  }

  int mismatchedBytes() {
    return mismatchedBytes;
  }
}
