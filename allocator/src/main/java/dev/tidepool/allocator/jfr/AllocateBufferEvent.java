package dev.tidepool.allocator.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** The event of a buffer that was allocated on the slow path. */
@Name("dev.tidepool.AllocateBuffer")
@Label("Buffer Allocation (slow path)")
@Category("Tidepool")
@Description("A buffer was allocated, not on the fast path: most are, and are not here")
@Enabled(false)
final class AllocateBufferEvent extends BufferEvent {}
