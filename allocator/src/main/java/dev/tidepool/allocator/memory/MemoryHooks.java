package dev.tidepool.allocator.memory;

/**
 * The hooks into the life of buffers and blocks: they do nothing here, more in {@link FullChecks},
 * {@link LightChecks} and {@link RecordingHooks}. No fast path calls them.
 */
class MemoryHooks {
  private static final MemoryHooks NOTHING = new MemoryHooks();

  static MemoryHooks of(MemoryOptions options) {
    if (options.checksFull()) {
      return new FullChecks(options);
    }
    if (options.checks() == MemoryOptions.ChecksLevel.LIGHT) {
      return new LightChecks();
    }
    return options.recording() ? new RecordingHooks() : NOTHING;
  }

  /** The offset in memory of byte {@code offset} of a block; so many bytes need as much memory. */
  int physicalOffset(int offset) {
    return offset;
  }

  // Blocks; called by the owner

  /** The block came from upstream. */
  void leasedNew(Block block) {}

  /** The block lay idle, and is leased again. */
  void leasedAgain(Block block) {}

  /** Nothing alive is in the block any more, and its arena has given it back. */
  void givenBack(Block block) {}

  // Buffers; called by the owner, unless said otherwise

  /** The next {@code bytes} bytes of the block are about to become a buffer. */
  void opening(Block block, int bytes) {}

  /** The buffer is about to be handed out. */
  void opened(ArenaByteBuf handle) {}

  /** The buffer's length is about to change. Called by its holder. */
  void resizing(ArenaByteBuf handle) {}

  /** The buffer's length has changed; its range was {@code reserved} long. Called by its holder. */
  void resized(ArenaByteBuf handle, int reserved) {}

  /** The last reference is gone. Called by the thread that released it. */
  void released(ArenaByteBuf handle) {}

  /** The buffer's range is about to be free. */
  void freeing(ArenaByteBuf handle) {}

  /** A buffer of the block was freed. */
  void freed(Block block) {}
}
