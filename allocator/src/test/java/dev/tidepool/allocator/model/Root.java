package dev.tidepool.allocator.model;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The model of one buffer: its bytes in an array, and all views that share them. */
final class Root {
  final ByteBuf buffer;

  /** The connection whose memory it is in; null if in the shared allocator's. */
  final Connection connection;

  final List<View> views = new ArrayList<>();
  byte[] content;
  int references = 1;

  /** The most bytes reserved for it. */
  int mostReserved;

  /** Whether the request that it was allocated in has ended. */
  boolean isStraggler;

  Root(ByteBuf buffer, Connection connection) {
    this.buffer = buffer;
    this.connection = connection;
    this.content = new byte[buffer.capacity()];
    this.mostReserved = content.length;
    views.add(new View(this, buffer, View.Shape.WHOLE, 0, 0));
  }

  View whole() {
    return views.get(0);
  }

  int tag() {
    return connection == null ? Bytes.TAG_OF_SHARED : connection.tag;
  }

  boolean isStraggler(Connection of) {
    return isStraggler && connection == of;
  }

  /** Takes over the buffer's new capacity; fills what is new from {@code end} on. */
  void resized(int end, int seed) {
    int before = content.length;
    content = Arrays.copyOf(content, buffer.capacity());
    whole().trimIndices(content.length);
    int from = Math.max(before, end);
    if (from < content.length) {
      fill(from, content.length - from, seed);
    }
  }

  /** Writes new bytes into the buffer and here. */
  void fill(int index, int length, int seed) {
    byte[] bytes = Bytes.random(tag(), length, seed);
    buffer.setBytes(index, bytes);
    set(index, bytes);
  }

  void set(int index, byte[] bytes) {
    System.arraycopy(bytes, 0, content, index, bytes.length);
  }
}
