package dev.tidepool.allocator.memory;

/** The hooks of {@code checks=light}: they check a block whenever a fast path ended. */
final class LightChecks extends RecordingHooks {
  @Override
  void opened(ArenaByteBuf handle) {
    InvariantChecker.checkOwned(handle.block);
    InvariantChecker.check(handle.block);
  }
}
