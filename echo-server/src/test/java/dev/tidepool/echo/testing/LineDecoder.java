package dev.tidepool.echo.testing;

import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.handler.codec.LineBasedFrameDecoder;

/** The decoder of test protocols whose requests are lines. */
public final class LineDecoder extends LineBasedFrameDecoder implements RequestProgress {
  /**
   * @param longest bytes of a line
   */
  public LineDecoder(int longest) {
    super(longest);
  }

  @Override
  public boolean midRequest() {
    return actualReadableBytes() > 0;
  }

  @Override
  public String describe() {
    return actualReadableBytes() + " bytes of a line";
  }
}
