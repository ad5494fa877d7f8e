package dev.tidepool.echo.figures;

/** Finds the reason of a failure. */
public final class Failures {
  private Failures() {}

  /**
   * What the innermost cause says. Netty wraps what the system said: "Unable to create Channel from
   * class ..." around "Too many open files".
   */
  public static String reason(Throwable failure) {
    Throwable inner = failure;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    String message = inner.getMessage();
    return message == null ? inner.toString() : message;
  }
}
