package dev.tidepool.allocator.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The event of a trim of the C library's heap. */
@Name("dev.tidepool.NativeTrim")
@Label("Native Trim")
@Category("Tidepool")
@Description("The C library gave free memory back to the operating system")
@StackTrace(false)
final class NativeTrimEvent extends Event implements FlightEvents.NativeTrim {
  @Label("Returned")
  @Description("Bytes by which the resident set shrank meanwhile")
  @DataAmount
  long returned;

  @Override
  public void end(long returned) {
    this.returned = returned;
    commit();
  }
}
