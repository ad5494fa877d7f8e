package dev.tidepool.allocator.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** The event of a block that came from upstream. */
@Name("dev.tidepool.AllocateBlock")
@Label("Block Allocation")
@Category("Tidepool")
@Description("A block was taken from the upstream allocator")
@Enabled(false)
final class AllocateBlockEvent extends BlockEvent {}
