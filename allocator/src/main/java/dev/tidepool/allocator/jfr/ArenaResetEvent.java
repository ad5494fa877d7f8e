package dev.tidepool.allocator.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** The event of a request that ended, with what it used and left behind. */
@Name("dev.tidepool.ArenaReset")
@Label("Arena Reset")
@Category("Tidepool")
@Description("A connection's arena was reset, or closed")
@Enabled(false)
@StackTrace(false)
final class ArenaResetEvent extends Event implements FlightEvents.Reset {
  @Label("Connection")
  @Description("What the arena was opened for, such as the channel")
  @Nullable String connection;

  @Label("Request")
  @Description("The number of the request that ended; a connection's first is 1")
  int request;

  @Label("Allocated")
  @Description("Bytes handed out since the last reset")
  @DataAmount
  long allocated;

  @Label("Blocks")
  @Description("Blocks still held after it")
  int blocks;

  @Label("Held")
  @Description("Bytes of the blocks still held after it")
  @DataAmount
  long held;

  @Label("Stragglers")
  @Description("Buffers that outlived it")
  int stragglers;

  @Label("Closed")
  @Description("Did the arena close?")
  boolean closed;

  @Override
  public void end(Object connection, FlightEvents.ResetFigures figures) {
    if (shouldCommit()) {
      this.connection = String.valueOf(connection);
      this.request = figures.request();
      this.allocated = figures.allocated();
      this.blocks = figures.blocks();
      this.held = figures.held();
      this.stragglers = figures.stragglers();
      this.closed = figures.closed();
      commit();
    }
  }
}
