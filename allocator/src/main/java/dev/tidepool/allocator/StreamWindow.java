package dev.tidepool.allocator;

import dev.tidepool.allocator.jfr.FlightEvents;
import io.netty.channel.Channel;

/**
 * The window of an HTTP/2 stream. Netty opens it again as the stream reads, whatever becomes of
 * what was read; held, it stays as it is, and the peer soon has to wait. Event loop only.
 */
final class StreamWindow {
  private final Channel stream;
  private boolean isHeld;
  private FlightEvents.Pause pause = FlightEvents.Pause.UNRECORDED;

  StreamWindow(Channel stream) {
    this.stream = stream;
  }

  /** Leaves alone a window that the application opens. */
  void hold() {
    if (!isHeld && Http2Codecs.opensWindow(stream)) {
      isHeld = true;
      pause = FlightEvents.beginPause(true);
      Http2Codecs.opensWindow(stream, false);
    }
  }

  /** Gives the peer what was read meanwhile. */
  void open() {
    if (isHeld) {
      isHeld = false;
      pause.end(stream);
      if (stream.isActive() && stream.parent().isActive()) {
        Http2Codecs.opensWindow(stream, true);
      }
    }
  }
}
