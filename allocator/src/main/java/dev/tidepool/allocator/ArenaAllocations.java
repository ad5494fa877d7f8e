package dev.tidepool.allocator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.EmptyByteBuf;
import io.netty.util.concurrent.EventExecutor;

/**
 * The layer of a {@link ConnectionArena} that is Netty's interface: what is asked for becomes a
 * kind of memory, a capacity and its limit, with the defaults of Netty's allocators.
 *
 * <p>It does not extend {@code AbstractByteBufAllocator}, of which every instance makes an empty
 * buffer: 78 bytes of heap in each idle connection, of 222 that its arena took. The benchmarks'
 * Idle suite measures it.
 */
abstract class ArenaAllocations extends ArenaRouter {
  private static final int DEFAULT_CAPACITY = 256;
  private static final int DEFAULT_COMPONENTS = 16;

  ArenaAllocations(ArenaByteBufAllocator shared, EventExecutor executor, Object connection) {
    super(shared, executor, connection);
  }

  /** The arguments are in range. */
  abstract ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity);

  /** The arguments are in range. */
  abstract ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity);

  abstract CompositeByteBuf newComposite(boolean isDirect, int maxNumComponents);

  // Of the default kind

  @Override
  public ByteBuf buffer() {
    return buffer(DEFAULT_CAPACITY);
  }

  @Override
  public ByteBuf buffer(int initialCapacity) {
    return buffer(initialCapacity, Integer.MAX_VALUE);
  }

  @Override
  public ByteBuf buffer(int initialCapacity, int maxCapacity) {
    return shared().kinds().buffersAreDirect
        ? directBuffer(initialCapacity, maxCapacity)
        : heapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  public ByteBuf ioBuffer() {
    return ioBuffer(DEFAULT_CAPACITY);
  }

  @Override
  public ByteBuf ioBuffer(int initialCapacity) {
    return ioBuffer(initialCapacity, Integer.MAX_VALUE);
  }

  @Override
  public ByteBuf ioBuffer(int initialCapacity, int maxCapacity) {
    return shared().kinds().ioBuffersAreDirect
        ? directBuffer(initialCapacity, maxCapacity)
        : heapBuffer(initialCapacity, maxCapacity);
  }

  // Of either kind

  @Override
  public ByteBuf heapBuffer() {
    return heapBuffer(DEFAULT_CAPACITY);
  }

  @Override
  public ByteBuf heapBuffer(int initialCapacity) {
    return heapBuffer(initialCapacity, Integer.MAX_VALUE);
  }

  @Override
  public ByteBuf heapBuffer(int initialCapacity, int maxCapacity) {
    return isRange(initialCapacity, maxCapacity)
        ? newHeapBuffer(initialCapacity, maxCapacity)
        : emptyOrRefused(initialCapacity, maxCapacity);
  }

  @Override
  public ByteBuf directBuffer() {
    return directBuffer(DEFAULT_CAPACITY);
  }

  @Override
  public ByteBuf directBuffer(int initialCapacity) {
    return directBuffer(initialCapacity, Integer.MAX_VALUE);
  }

  @Override
  public ByteBuf directBuffer(int initialCapacity, int maxCapacity) {
    return isRange(initialCapacity, maxCapacity)
        ? newDirectBuffer(initialCapacity, maxCapacity)
        : emptyOrRefused(initialCapacity, maxCapacity);
  }

  private static boolean isRange(int initialCapacity, int maxCapacity) {
    return initialCapacity >= 0 && initialCapacity <= maxCapacity && maxCapacity > 0;
  }

  /** What can never hold a byte takes no memory. */
  private ByteBuf emptyOrRefused(int initialCapacity, int maxCapacity) {
    if (initialCapacity != 0 || maxCapacity != 0) {
      throw new IllegalArgumentException(
          "initialCapacity: %d, maxCapacity: %d (expected: 0 <= initialCapacity <= maxCapacity)"
              .formatted(initialCapacity, maxCapacity));
    }
    return new EmptyByteBuf(this);
  }

  // Composites

  @Override
  public CompositeByteBuf compositeBuffer() {
    return compositeBuffer(DEFAULT_COMPONENTS);
  }

  @Override
  public CompositeByteBuf compositeBuffer(int maxNumComponents) {
    return newComposite(shared().kinds().buffersAreDirect, maxNumComponents);
  }

  @Override
  public CompositeByteBuf compositeHeapBuffer() {
    return compositeHeapBuffer(DEFAULT_COMPONENTS);
  }

  @Override
  public CompositeByteBuf compositeHeapBuffer(int maxNumComponents) {
    return newComposite(false, maxNumComponents);
  }

  @Override
  public CompositeByteBuf compositeDirectBuffer() {
    return compositeDirectBuffer(DEFAULT_COMPONENTS);
  }

  @Override
  public CompositeByteBuf compositeDirectBuffer(int maxNumComponents) {
    return newComposite(true, maxNumComponents);
  }

  @Override
  public int calculateNewCapacity(int minNewCapacity, int maxCapacity) {
    return shared().calculateNewCapacity(minNewCapacity, maxCapacity);
  }
}
