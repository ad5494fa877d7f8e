package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import org.jspecify.annotations.Nullable;

/** A handle of heap memory whose buffers have stories. Its fields: the holder's. */
final class StoriedHeapArenaByteBuf extends HeapArenaByteBuf {
  private @Nullable BufferStory story;

  StoriedHeapArenaByteBuf(Block block, int slot) {
    super(block, slot);
  }

  @Override
  public @Nullable BufferStory story() {
    return story;
  }

  @Override
  void story(@Nullable BufferStory story) {
    this.story = story;
  }

  @Override
  public int refCnt() {
    int count = super.refCnt();
    if (count == 0 && story != null) {
      story.refuseAccess();
    }
    return count;
  }

  @Override
  IllegalReferenceCountException refusal(int count, int change) {
    return story == null ? super.refusal(count, change) : story.refusal(count, change);
  }

  @Override
  public ByteBuf touch() {
    if (story != null) {
      story.touch();
    }
    return this;
  }

  @Override
  public ByteBuf touch(Object hint) {
    if (story != null) {
      story.touch(hint);
    }
    return this;
  }
}
