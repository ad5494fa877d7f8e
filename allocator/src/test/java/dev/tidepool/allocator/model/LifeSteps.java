package dev.tidepool.allocator.model;

import dev.tidepool.allocator.Checks;
import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;

/** Steps that retain and release. */
final class LifeSteps {
  private static final int MOST_REFERENCES = 5;

  private final World world;

  LifeSteps(World world) {
    this.world = world;
  }

  void retain(Operation operation) {
    Root root = world.root(operation.a());
    if (root == null || root.references >= MOST_REFERENCES) {
      return;
    }
    ByteBuf buffer = anyView(root, operation.b()).buffer;
    int more = 1 + operation.c() % 2;
    if (more == 1) {
      buffer.retain();
    } else {
      buffer.retain(more);
    }
    root.references += more;
  }

  private static View anyView(Root root, int index) {
    return root.views.get(index % root.views.size());
  }

  void release(Operation operation) throws Exception {
    Root root = world.root(operation.a());
    if (root == null) {
      return;
    }
    ByteBuf buffer = anyView(root, operation.b()).buffer;
    if ((operation.c() & 3) == 0) {
      release(root, buffer, 1 + operation.c() % root.references);
    } else {
      releaseOne(root, buffer);
    }
  }

  private void releaseOne(Root root, ByteBuf buffer) throws Exception {
    boolean last = buffer.release();
    Expect.same(last, root.references == 1, "the last reference", buffer);
    released(root, 1);
  }

  private void release(Root root, ByteBuf buffer, int decrement) throws Exception {
    boolean last = buffer.release(decrement);
    Expect.same(last, root.references == decrement, "the last references", buffer);
    released(root, decrement);
  }

  void releaseWhole(Root root) throws Exception {
    release(root, root.buffer, root.references);
  }

  /** Releases some buffers, in one of several orders. */
  void releaseMany(Operation operation) throws Exception {
    int count = operation.a() % (world.roots.size() + 1);
    int stride = 1 + operation.b() % 3;
    for (int i = 0; i < count; i++) {
      boolean oldest = (operation.c() & 1) == 0;
      int size = world.roots.size();
      int index = (oldest ? i * stride : size - 1 + i * stride) % size;
      releaseWhole(world.roots.get(index));
    }
  }

  /** Subtracts references in the model; a dead buffer must know that it is dead. */
  void released(Root root, int decrement) throws Exception {
    root.references -= decrement;
    if (root.references > 0) {
      return;
    }
    world.roots.remove(root);
    for (View view : root.views) {
      isDead(view.buffer, 2);
    }
    if (world.configuration.checks() == Checks.FULL) {
      world.bury(root.buffer);
    }
  }

  /** Uses dead buffers: with {@code checks=full} no handle is reused. */
  void lateUse(Operation operation) throws Exception {
    for (ByteBuf buffer : world.dead()) {
      isDead(buffer, operation.c());
    }
  }

  private static void isDead(ByteBuf buffer, int how) throws Exception {
    Expect.equal(buffer.refCnt(), 0, "refCnt of a dead buffer", buffer);
    Expect.fails(
        IllegalReferenceCountException.class,
        () -> {
          switch (how % 4) {
            case 0 -> buffer.retain();
            case 1 -> buffer.readByte();
            case 2 -> buffer.release();
            default -> buffer.setByte(0, 1);
          }
        },
        buffer);
  }
}
