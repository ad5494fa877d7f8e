package dev.tidepool.allocator.memory;

/** What {@code checks=light} does: the invariants of the block, whenever a fast path ended. */
final class LightChecks extends RecordingHooks {
  @Override
  void opened(ArenaByteBuf handle) {
    InvariantChecker.check(handle.block);
  }
}
