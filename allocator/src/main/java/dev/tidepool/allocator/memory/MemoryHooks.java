package dev.tidepool.allocator.memory;

/**
 * What is done at the turns in the life of buffers and blocks, beside what has to be: nothing, or
 * {@link FullChecks}, {@link LightChecks} or {@link RecordingHooks}. No fast path comes by here.
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

  /**
   * Where byte {@code offset} of a block is in its memory, and how much memory so many bytes need.
   */
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

  /** The buffer's length has changed, and its range was {@code reserved} long. Its holder. */
  void resized(ArenaByteBuf handle, int reserved) {}

  /** The last reference is gone; called by the one that released it. */
  void released(ArenaByteBuf handle) {}

  /** The buffer's range is about to be free. */
  void freeing(ArenaByteBuf handle) {}

  /** A buffer of the block was freed. */
  void freed(Block block) {}
}
