package dev.tidepool.allocator.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** The event of a block that went back upstream. */
@Name("dev.tidepool.FreeBlock")
@Label("Block Free")
@Category("Tidepool")
@Description("A block was given back to the upstream allocator")
@Enabled(false)
final class FreeBlockEvent extends BlockEvent {}
