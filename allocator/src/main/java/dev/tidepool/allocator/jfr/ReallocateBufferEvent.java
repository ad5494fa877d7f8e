package dev.tidepool.allocator.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** The event of a buffer whose capacity changes. */
@Name("dev.tidepool.ReallocateBuffer")
@Label("Buffer Reallocation")
@Category("Tidepool")
@Description("A buffer's capacity is about to change")
@Enabled(false)
final class ReallocateBufferEvent extends BufferEvent {
  @Label("New capacity")
  @DataAmount
  int newCapacity;
}
