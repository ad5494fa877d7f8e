package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import org.jspecify.annotations.Nullable;

/** A handle of direct memory whose buffers have histories. Its fields are the holder's. */
final class RecordedDirectArenaByteBuf extends DirectArenaByteBuf {
  private @Nullable BufferHistory history;

  RecordedDirectArenaByteBuf(Block block, int slot) {
    super(block, slot);
  }

  @Override
  public @Nullable BufferHistory history() {
    return history;
  }

  @Override
  void history(@Nullable BufferHistory history) {
    this.history = history;
  }

  @Override
  public int refCnt() {
    int count = super.refCnt();
    if (count == 0 && history != null) {
      history.refuseAccess();
    }
    return count;
  }

  @Override
  IllegalReferenceCountException refusal(int count, int change) {
    return history == null ? super.refusal(count, change) : history.refusal(count, change);
  }

  @Override
  public ByteBuf touch() {
    if (history != null) {
      history.touch();
    }
    return this;
  }

  @Override
  public ByteBuf touch(Object hint) {
    if (history != null) {
      history.touch(hint);
    }
    return this;
  }
}
