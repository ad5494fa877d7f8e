package dev.tidepool.allocator.memory;

/**
 * What the memory below the allocators is configured with. Validated where it is built.
 *
 * @param sizes the sizes of blocks
 * @param alignment every buffer starts at a multiple of this many bytes; a power of two
 * @param maxRetained bytes of idle blocks that one pool keeps at most
 * @param scrub whether the used part of a block is zeroed before anybody else can lease it
 * @param checks how much is verified while running
 * @param recording whether buffers may be given stories
 * @param budgets whether there may be somebody who waits for room
 */
public record MemoryOptions(
    SizeClasses sizes,
    int alignment,
    long maxRetained,
    boolean scrub,
    ChecksLevel checks,
    boolean recording,
    boolean budgets) {

  /** The grades of {@code checks}; see the public option of that name. */
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

  /** Whether handles have a place for a story. */
  boolean keepsStories() {
    return recording || checksFull();
  }

  boolean checksFull() {
    return checks == ChecksLevel.FULL;
  }

  /** As many bytes and no multiple of the alignment if that would be more than there can be. */
  int aligned(int bytes) {
    int aligned = (bytes + alignment - 1) & -alignment;
    return aligned < bytes ? bytes : aligned;
  }
}
