package dev.tidepool.echo.protocol;

/** An answer is not the one that the protocol requires. */
public final class WrongAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int wrongBytes;

  /**
   * @param message says which request's answer, what is wrong and what was expected
   */
  public WrongAnswerException(String message, int wrongBytes) {
    super(message);
    this.wrongBytes = wrongBytes;
  }

  public int wrongBytes() {
    return wrongBytes;
  }
}
