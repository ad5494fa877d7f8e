package dev.tidepool.allocator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A receive allocator that reads into the arena, and trims every receive buffer to what arrived. A
 * guess is nearly always too large; at the top of an arena's block the rest is free again for the
 * request.
 *
 * <p>It trims only an arena's buffers, which shrink in place, and only where the channel reads a
 * stream of bytes into each buffer once. On every channel it stops a burst of reads under budget
 * pressure, and keeps the budget's refusals from the transport.
 */
class TrimmingRecvByteBufAllocator implements RecvByteBufAllocator {
  /** Bytes; also of a buffer outside of the budget, as each channel may have one. */
  private static final int LEAST_READ = 1024;

  private static final int MOST_READ = 1 << 29;

  private final RecvByteBufAllocator delegate;
  private final Reader reader;
  private final boolean trims;
  private final Sizes sizes;

  private TrimmingRecvByteBufAllocator(
      RecvByteBufAllocator delegate, boolean trims, Reader reader) {
    this.delegate = delegate;
    this.reader = reader;
    this.trims = trims;
    this.sizes = Sizes.of(delegate, trims);
  }

  /** The receive allocator of {@code channel}, which had {@code delegate}. */
  static RecvByteBufAllocator of(Channel channel, RecvByteBufAllocator delegate, Reader reader) {
    if (StreamArenas.isStream(channel)) {
      return delegate; // a stream reads frames that its connection has read before
    }
    boolean trims = channel instanceof DuplexChannel; // a stream of bytes; datagrams share buffers
    return delegate instanceof MaxMessagesRecvByteBufAllocator limited
        ? new Limited(limited, trims, reader)
        : new TrimmingRecvByteBufAllocator(delegate, trims, reader);
  }

  /** The meaning of the delegate's sizes. */
  private enum Sizes {
    /** Guesses: a read may use a smaller buffer. */
    GUESSED,
    /** Exact: a read uses this size. */
    MEANT,
    /** Known only to the delegate, which therefore allocates. */
    UNKNOWN;

    static Sizes of(RecvByteBufAllocator delegate, boolean trims) {
      if (delegate instanceof AdaptiveRecvByteBufAllocator) {
        return trims ? GUESSED : MEANT; // a datagram longer than its buffer is truncated
      }
      return delegate instanceof FixedRecvByteBufAllocator ? MEANT : UNKNOWN;
    }
  }

  /** The channel that reads. One object, as every idle connection keeps it. */
  interface Reader {
    /**
     * The channel's arena, null if it allocates from another allocator. Native transports pass
     * their handles an allocator of their own in front of it.
     */
    @Nullable ConnectionArena arena();

    /** Whether one more read may follow; called after each read. */
    boolean mayReadOn();

    /** A budget has refused a read buffer; returns a buffer to read into instead. */
    ByteBuf refused(ArenaBudgetExceededException refusal, int capacity);
  }

  @Override
  @SuppressWarnings("deprecation") // the type is what RecvByteBufAllocator must return
  public Handle newHandle() {
    return new TrimmingHandle((ExtendedHandle) delegate.newHandle(), reader, trims, sizes);
  }

  /** The variant that passes the delegate's limit on messages a read to the channel. */
  private static final class Limited extends TrimmingRecvByteBufAllocator
      implements MaxMessagesRecvByteBufAllocator {
    private final MaxMessagesRecvByteBufAllocator delegate;

    Limited(MaxMessagesRecvByteBufAllocator delegate, boolean trims, Reader reader) {
      super(delegate, trims, reader);
      this.delegate = delegate;
    }

    @Override
    public int maxMessagesPerRead() {
      return delegate.maxMessagesPerRead();
    }

    @Override
    public MaxMessagesRecvByteBufAllocator maxMessagesPerRead(int maxMessagesPerRead) {
      delegate.maxMessagesPerRead(maxMessagesPerRead);
      return this;
    }
  }

  /** Event loop only. */
  private static final class TrimmingHandle implements ExtendedHandle {
    private final ExtendedHandle delegate;
    private final Reader reader;
    private final boolean trims;
    private final Sizes sizes;
    private @Nullable ByteBuf filling;

    /** Bytes of recent reads, decaying; twice those of a read that filled its buffer. */
    private int recentReadBytes;

    TrimmingHandle(ExtendedHandle delegate, Reader reader, boolean trims, Sizes sizes) {
      this.delegate = delegate;
      this.reader = reader;
      this.trims = trims;
      this.sizes = sizes;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      ByteBuf buffer = allocateWithin(allocator);
      filling = buffer;
      return buffer;
    }

    private ByteBuf allocateWithin(ByteBufAllocator allocator) {
      try {
        ConnectionArena arena = sizes == Sizes.UNKNOWN ? null : arena(allocator);
        return arena != null ? allocateIn(arena) : delegate.allocate(allocator);
      } catch (ArenaBudgetExceededException e) {
        int guess = Math.max(delegate.guess(), 1);
        return reader.refused(e, trims ? Math.min(LEAST_READ, guess) : guess);
      }
    }

    /** The first look is enough for most transports, and touches less of a cold connection. */
    private @Nullable ConnectionArena arena(ByteBufAllocator allocator) {
      return allocator instanceof ConnectionArena own ? own : reader.arena();
    }

    /**
     * Allocates the guess only if the block has room for it, else what recent reads brought:
     * Netty's guess jumps to sixteen times what arrived when a read fills its buffer, as every
     * message as long as the guess does.
     */
    private ByteBuf allocateIn(ConnectionArena arena) {
      int wanted = Math.max(delegate.guess(), 1);
      int least =
          sizes == Sizes.GUESSED ? Math.min(Math.max(LEAST_READ, recentReadBytes), wanted) : wanted;
      return arena.readBuffer(least, wanted);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Some channels move the writer index before this call, some after; both leave it in range.
     */
    @Override
    public void lastBytesRead(int bytes) {
      delegate.lastBytesRead(bytes);
      ByteBuf buffer = filling;
      filling = null;
      noteRead(bytes, buffer);
      if (buffer != null && trims && bytes < buffer.capacity() && isArenas(buffer)) {
        buffer.capacity(Math.max(bytes, 0)); // to 0 too: unread bytes must not count as used
      }
    }

    /** Other allocators' buffers, such as of one that the application set, may copy to shrink. */
    private static boolean isArenas(ByteBuf buffer) {
      ByteBufAllocator allocator = buffer.alloc();
      return allocator instanceof ConnectionArena || allocator instanceof ArenaByteBufAllocator;
    }

    /** A read of nothing follows one that filled its buffer: there was no more after all. */
    private void noteRead(int bytes, @Nullable ByteBuf buffer) {
      if (bytes <= 0) {
        recentReadBytes /= 2;
        return;
      }
      boolean full = buffer != null && bytes == buffer.capacity();
      recentReadBytes =
          Math.max(
              full ? 2 * Math.min(bytes, MOST_READ) : bytes, recentReadBytes - recentReadBytes / 4);
    }

    @Override
    public int lastBytesRead() {
      return delegate.lastBytesRead();
    }

    @Override
    public int guess() {
      return delegate.guess();
    }

    @Override
    public void reset(ChannelConfig config) {
      filling = null; // a cancelled read never reports its bytes
      delegate.reset(config);
    }

    @Override
    public void incMessagesRead(int messages) {
      delegate.incMessagesRead(messages);
    }

    @Override
    public void attemptedBytesRead(int bytes) {
      delegate.attemptedBytesRead(bytes);
    }

    @Override
    public int attemptedBytesRead() {
      return delegate.attemptedBytesRead();
    }

    @Override
    public boolean continueReading() {
      return reader.mayReadOn() && delegate.continueReading();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
      return reader.mayReadOn() && delegate.continueReading(maybeMoreData);
    }

    @Override
    public void readComplete() {
      delegate.readComplete();
      if (filling != null || delegate.lastBytesRead() <= 0) { // filling: the read threw
        nothingRead();
      }
    }

    /** Gives empty blocks back: after the end of the input the channel may stay open for long. */
    private void nothingRead() {
      ConnectionArena arena = reader.arena();
      if (arena != null) {
        arena.nothingRead();
      }
    }
  }
}
