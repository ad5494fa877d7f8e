package dev.tidepool.allocator.memory;

/**
 * The options of the memory below the allocators. Validated where it is built.
 *
 * @param sizes the sizes of blocks
 * @param alignment every buffer starts at a multiple of this many bytes; a power of two
 * @param maxRetained bytes of idle blocks that one pool keeps at most
 * @param scrub whether the used part of a block is zeroed before another arena can lease it
 * @param checks how much is verified while running
 * @param recording whether buffers may have histories
 * @param budgets whether reads may wait for room
 */
public record MemoryOptions(
    SizeClasses sizes,
    int alignment,
    long maxRetained,
    boolean scrub,
    ChecksLevel checks,
    boolean recording,
    boolean budgets) {

  /** The levels of {@code checks}; see the public option of that name. */
  public enum ChecksLevel {
    OFF,
    LIGHT,
    FULL
  }

  /** Without recording and budgets. */
  public MemoryOptions(
      SizeClasses sizes, int alignment, long maxRetained, boolean scrub, ChecksLevel checks) {
    this(sizes, alignment, maxRetained, scrub, checks, false, false);
  }

  /** Whether handles have a field for a history. */
  boolean recordsHistories() {
    return recording || checksFull();
  }

  boolean checksFull() {
    return checks == ChecksLevel.FULL;
  }

  /** {@code bytes} rounded up to the alignment, or {@code bytes} itself if that overflows. */
  int aligned(int bytes) {
    int aligned = (bytes + alignment - 1) & -alignment;
    return aligned < bytes ? bytes : aligned;
  }
}
