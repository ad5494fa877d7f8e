package dev.tidepool.allocator.model;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Steps on indices and ranges of buffers. */
final class RangeSteps {
  private final World world;

  RangeSteps(World world) {
    this.world = world;
  }

  void indices(Operation operation) {
    View view = world.view(operation.a());
    if (view != null) {
      int writer = operation.b() % (view.capacity() + 1);
      int reader = operation.c() % (writer + 1);
      view.buffer.setIndex(reader, writer);
      view.indices(reader, writer);
    }
  }

  void discard(Operation operation) {
    View view = world.view(operation.a());
    if (view != null) {
      view.buffer.discardReadBytes();
      view.set(0, view.content(view.reader, view.writer - view.reader));
      view.indices(0, view.writer - view.reader);
    }
  }

  /** Copies from one buffer to another, or within one, where the ranges may overlap. */
  void copyBytes(Operation operation) {
    View from = world.view(operation.a());
    View to = world.view(operation.b());
    if (from == null || (world.configuration.scrubs() && from.root.tag() != to.root.tag())) {
      return; // scrubbing is checked by looking for bytes where they do not belong
    }
    int source = operation.c() % (from.capacity() + 1);
    int target = operation.b() % (to.capacity() + 1);
    int length = Math.min(from.capacity() - source, to.capacity() - target);
    copy(from.buffer, source, to.buffer, target, length, operation.c());
    to.set(target, from.content(source, length));
  }

  private static void copy(ByteBuf from, int source, ByteBuf to, int target, int length, int how) {
    switch (how % 4) {
      case 0 -> to.setBytes(target, from, source, length);
      case 1 -> from.getBytes(source, to, target, length);
      case 2 -> to.setBytes(target, from.nioBuffer(source, length));
      default -> from.getBytes(source, to.nioBuffer(target, length));
    }
  }

  void nio(Operation operation) {
    View view = world.view(operation.a());
    if (view == null) {
      return;
    }
    int index = operation.b() % (view.capacity() + 1);
    int length = operation.c() % (view.capacity() - index + 1);
    byte[] expected = view.content(index, length);
    Expect.sameBytes(content(view.buffer.nioBuffer(index, length)), expected, view);
    Expect.sameBytes(content(view.buffer.internalNioBuffer(index, length)), expected, view);
    Expect.sameBytes(content(view.buffer.nioBuffers(index, length)[0]), expected, view);
  }

  private static byte[] content(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
