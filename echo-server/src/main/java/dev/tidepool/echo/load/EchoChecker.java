package dev.tidepool.echo.load;

import dev.tidepool.echo.figures.Figures;
import io.netty.buffer.ByteBuf;

/** Checks a connection's echo byte by byte, in whatever pieces it arrives. */
final class EchoChecker {
  private final RequestPlan plan;
  private Request request;
  private int position;

  EchoChecker(RequestPlan plan) {
    this.plan = plan;
    this.request = plan.request(0);
  }

  /**
   * Reads and checks what belongs to the current request.
   *
   * @return whether the request's echo is complete; the next one is then current
   */
  boolean check(ByteBuf in) throws EchoMismatchException {
    int length = Math.min(in.readableBytes(), request.wireBytes() - position);
    int matching = request.matching(position, in, length);
    if (matching < length) {
      throw mismatch(in, matching, length);
    }
    in.skipBytes(length);
    position += length;
    return nextWhenComplete();
  }

  private boolean nextWhenComplete() {
    if (position < request.wireBytes()) {
      return false;
    }
    request = plan.request(request.sequence() + 1);
    position = 0;
    return true;
  }

  private EchoMismatchException mismatch(ByteBuf in, int first, int length) {
    int mismatched = 0;
    for (int i = first; i < length; i++) {
      if (in.getByte(in.readerIndex() + i) != request.byteAt(position + i)) {
        mismatched++;
      }
    }
    return new EchoMismatchException(
        Figures.format(
            "echo of request %d differs: byte %d of %d is 0x%02x, expected 0x%02x",
            request.sequence(),
            position + first,
            request.wireBytes(),
            in.getByte(in.readerIndex() + first),
            request.byteAt(position + first)),
        mismatched);
  }
}
