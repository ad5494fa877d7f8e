package dev.tidepool.allocator.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** The event of a pause in reading, over a budget. */
@Name("dev.tidepool.ReadPause")
@Label("Read Pause")
@Category("Tidepool")
@Description(
    "A channel was not read from, or an HTTP/2 stream's window not opened, until there was room in a budget")
@StackTrace(false)
final class ReadPauseEvent extends Event implements FlightEvents.Pause {
  @Label("Channel")
  @Nullable String channel;

  @Label("Stream window")
  @Description("Is it the window of an HTTP/2 stream?")
  boolean streamWindow;

  @Override
  public void end(Object channel) {
    if (shouldCommit()) {
      this.channel = String.valueOf(channel);
      commit();
    }
  }
}
