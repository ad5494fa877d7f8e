package dev.tidepool.echo.protocol.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;

/**
 * A search for a header line that continues the one before it (obs-fold; RFC 9112, section 5.2, has
 * servers refuse or unfold it). Two parties that disagree about it disagree about the request.
 */
final class FoldedLine implements ByteProcessor {
  private boolean lineBegins;

  /** Whether anything but empty lines, which may come before a request, has been seen. */
  private boolean inHead;

  private boolean found;

  private FoldedLine(boolean behindALine) {
    this.lineBegins = behindALine;
    this.inHead = behindALine;
  }

  /**
   * Whether there is one in what has arrived of a request's head.
   *
   * @param behindALine whether a line of the head has been read before
   */
  static boolean isIn(ByteBuf head, boolean behindALine) {
    FoldedLine search = new FoldedLine(behindALine);
    head.forEachByte(search);
    return search.found;
  }

  /** Goes on until the empty line that ends the head, if there is one. */
  @Override
  public boolean process(byte value) {
    boolean endsLine = value == '\r' || value == '\n';
    if (lineBegins) {
      found = value == ' ' || value == '\t';
      if (found || (endsLine && inHead)) {
        return false;
      }
    }
    inHead |= !endsLine;
    lineBegins = value == '\n';
    return true;
  }
}
