package dev.tidepool.allocator.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The event of a leaked buffer. */
@Name("dev.tidepool.BufferLeak")
@Label("Buffer Leak")
@Category("Tidepool")
@Description("A buffer was alive leakGrace after the close of its connection's arena")
@StackTrace(false)
final class BufferLeakEvent extends Event {
  @Label("Connection")
  @Description("What the arena was opened for, such as the channel")
  @Nullable String connection;

  @Label("Request")
  @Description("The number of the request that it was allocated in")
  int request;

  @Label("Capacity")
  @DataAmount
  int capacity;

  @Label("Direct")
  @Description("Is it off the Java heap?")
  boolean direct;

  @Label("Age")
  @Description("Since its request ended")
  @Timespan(Timespan.NANOSECONDS)
  long age;

  @Label("Allocated at")
  @Description("The stack, if recording is sampled or all")
  @Nullable String allocatedAt;

  @Label("Last touched at")
  @Description("The stack, if recording is sampled or all")
  @Nullable String lastTouchedAt;
}
