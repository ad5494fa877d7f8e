package dev.tidepool.allocator.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The event of a request hold that was never closed. */
@Name("dev.tidepool.ForgottenHold")
@Label("Forgotten Hold")
@Category("Tidepool")
@Description("A hold was open leakGrace after the close of its connection's arena")
@StackTrace(false)
final class ForgottenHoldEvent extends Event {
  @Label("Connection")
  @Description("What the arena was opened for, such as the channel")
  @Nullable String connection;

  @Label("Request")
  @Description("The number of the request that was open when it was taken")
  int request;

  @Label("Age")
  @Description("Since it was taken")
  @Timespan(Timespan.NANOSECONDS)
  long age;

  @Label("Taken at")
  @Description("The stack, if recording is sampled or all")
  @Nullable String takenAt;
}
