package dev.tidepool.echo.load;

/**
 * What a load does that a server would rather not have.
 *
 * @param slowReaderPercent so many of every hundred connections read slowly; they send all the time
 *     and are in no figure; 0: none
 * @param readRate the bytes a second that each of them reads
 * @param abortPercent so many of every hundred requests are cut off in the middle by a reset of
 *     their connection; they are in no figure, and no errors; 0: none
 * @param dribble whether requests are sent a byte at a time
 * @param greedy more connections, which send as much as they can and never read
 * @param idle more connections, which send one request and then nothing
 */
public record UnfriendlySettings(
    double slowReaderPercent,
    int readRate,
    double abortPercent,
    boolean dribble,
    int greedy,
    int idle) {
  /** The bytes a second that a slow reader reads unless said otherwise. */
  public static final int DEFAULT_READ_RATE = 64 << 10;

  /** A load as every server would like it. */
  public static final UnfriendlySettings NONE =
      new UnfriendlySettings(0, DEFAULT_READ_RATE, 0, false, 0, 0);

  /** How many of so many connections read slowly: at least one, where any do, and never all. */
  int slowReaders(int connections) {
    if (slowReaderPercent == 0 || connections == 1) {
      return 0;
    }
    long share = Math.round(connections * slowReaderPercent / 100);
    return (int) Math.max(1, Math.min(share, connections - 1));
  }
}
