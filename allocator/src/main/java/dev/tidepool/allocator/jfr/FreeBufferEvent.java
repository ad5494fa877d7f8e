package dev.tidepool.allocator.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** The event of a buffer that was released on the slow path. */
@Name("dev.tidepool.FreeBuffer")
@Label("Buffer Deallocation (slow path)")
@Category("Tidepool")
@Description("A buffer's memory was freed, not on the fast path: most are, and are not here")
@Enabled(false)
final class FreeBufferEvent extends BufferEvent {}
