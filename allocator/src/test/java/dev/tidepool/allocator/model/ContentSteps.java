package dev.tidepool.allocator.model;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** Steps that write and read, and make a buffer grow or shrink. */
final class ContentSteps {
  private final World world;

  ContentSteps(World world) {
    this.world = world;
  }

  void write(Operation operation) throws Exception {
    View view = world.view(operation.a());
    if (view == null) {
      return;
    }
    int length = Sizes.any(world.configuration, operation.b());
    length = Math.min(length, Math.max(0, largest() - view.writer));
    byte[] bytes = Bytes.random(view.root.tag(), length, operation.c());
    if (length > view.buffer.maxCapacity() - view.writer) {
      Expect.fails(
          IndexOutOfBoundsException.class, () -> view.buffer.writeBytes(bytes), view.buffer);
    } else if (resizes(view.root, () -> write(view.buffer, bytes, operation.c()))) {
      int end = view.writer + length;
      view.root.resized(end, operation.c() + 1);
      view.set(view.writer, bytes);
      view.writer = end;
    }
  }

  private static void write(ByteBuf buffer, byte[] bytes, int how) {
    switch (how % 3) {
      case 0 -> buffer.writeBytes(bytes);
      case 1 -> buffer.writeBytes(ByteBuffer.wrap(bytes));
      default -> buffer.writeBytes(Unpooled.wrappedBuffer(bytes));
    }
  }

  private int largest() {
    return world.configuration.largestSize();
  }

  void capacity(Operation operation) throws Exception {
    View view = world.view(operation.a());
    if (view == null) {
      return;
    }
    View target = view.shape == View.Shape.SLICE ? view.root.whole() : view;
    int most = Math.min(largest(), target.buffer.maxCapacity());
    int length = Math.min(wanted(target, operation), most);
    if (resizes(target.root, () -> target.buffer.capacity(length))) {
      target.root.resized(0, operation.c());
    }
  }

  private int wanted(View view, Operation operation) {
    int some = Sizes.any(world.configuration, operation.b());
    return switch (operation.c() & 3) {
      case 0 -> some;
      case 1 -> view.capacity() + some % 128;
      case 2 -> view.capacity() - some % (view.capacity() + 1);
      default -> view.capacity() + some;
    };
  }

  /** Runs what may change the buffer's capacity, and updates the expected figures. */
  private boolean resizes(Root root, Actors.Action action) throws Exception {
    int before = root.content.length;
    if (!world.succeeds(root.connection, action)) {
      return false;
    }
    int now = root.buffer.capacity();
    if (now != before) {
      root.mostReserved = Math.max(root.mostReserved, now);
      if (root.connection != null) {
        int more = now > before ? world.aligned(now) : 0;
        root.connection.handedOut(-world.aligned(root.mostReserved), root.isStraggler ? 0 : more);
        root.connection.handedOutLate(root.isStraggler ? more : 0);
      }
    }
    return true;
  }

  void read(Operation operation) {
    View view = world.view(operation.a());
    if (view == null) {
      return;
    }
    int length = operation.b() % (view.writer - view.reader + 1);
    byte[] actual = new byte[length];
    view.buffer.readBytes(actual);
    Expect.sameBytes(actual, view.content(view.reader, length), view);
    view.reader += length;
  }

  void set(Operation operation) {
    View view = world.view(operation.a());
    Value value = Value.any(operation.c());
    if (view == null || view.capacity() < value.width()) {
      return;
    }
    int index = operation.b() % (view.capacity() - value.width() + 1);
    byte[] bytes = Bytes.random(view.root.tag(), value.width(), operation.c());
    value.set(view.buffer, index, bytes);
    view.set(index, bytes);
  }

  void get(Operation operation) {
    View view = world.view(operation.a());
    Value value = Value.any(operation.c());
    if (view == null || view.capacity() < value.width()) {
      return;
    }
    int index = operation.b() % (view.capacity() - value.width() + 1);
    Expect.sameBytes(
        value.get(view.buffer, index),
        view.content(index, value.width()),
        value.name() + " of " + view);
  }
}
