package dev.tidepool.allocator.model;

import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.LeakSampler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.EmptyByteBuf;

/** Steps that make buffers. */
final class AllocationSteps {
  private static final int MOST_ALIVE = 40;
  private static final int MOST_VIEWS = 4;
  private static final LeakSampler SAMPLER = new LeakSampler(1);

  private final World world;

  AllocationSteps(World world) {
    this.world = world;
  }

  void allocate(Operation operation) throws Exception {
    int index = operation.a() % (world.connections.size() + 1);
    Connection target = index == 0 ? null : world.connections.get(index - 1);
    allocateFrom(target, operation);
  }

  void allocateFrom(Connection target, Operation operation) throws Exception {
    int length = Sizes.any(world.configuration, operation.b());
    boolean direct = (operation.c() & 1) == 0;
    ByteBufAllocator from = target == null ? world.allocator : target.arena;
    int most = maxCapacity(length, operation.c() >>> 1);
    make(
        home(target),
        length,
        operation.c(),
        () -> direct ? from.directBuffer(length, most) : from.heapBuffer(length, most));
  }

  private static int maxCapacity(int length, int how) {
    return switch (how & 7) {
      case 0 -> length;
      case 1, 2 -> length + (how >>> 3) % 512;
      default -> Integer.MAX_VALUE;
    };
  }

  /** The connection whose memory an allocation takes; null for the shared allocator's. */
  private static Connection home(Connection target) {
    return target == null || target.closed ? null : target;
  }

  private interface Maker {
    ByteBuf make();
  }

  private Root make(Connection home, int length, int seed, Maker maker) throws Exception {
    if (world.roots.size() >= MOST_ALIVE) {
      return null;
    }
    ByteBuf[] made = new ByteBuf[1];
    if (!world.succeeds(home, () -> made[0] = maker.make()) || made[0] instanceof EmptyByteBuf) {
      return null;
    }
    if (home != null) {
      home.handedOut(world.aligned(length), world.aligned(length));
    }
    Root root = new Root(home == null ? perhapsSampled(made[0], seed) : made[0], home);
    world.roots.add(root);
    Expect.equal(made[0].capacity(), length, "capacity of a new buffer", made[0]);
    return fresh(root, seed);
  }

  /** As the shared allocator does to the buffers that it samples. */
  private static ByteBuf perhapsSampled(ByteBuf made, int seed) {
    return made instanceof ArenaByteBuf handle && (seed >>> 10 & 3) == 1
        ? SAMPLER.sample(handle)
        : made;
  }

  private Root fresh(Root root, int seed) {
    if (root.buffer instanceof ArenaByteBuf handle && (seed >>> 10 & 3) == 0) {
      handle.leaveSlot(); // Netty's leak detection does this to the buffers that it samples
    }
    if (world.configuration.scrubs() && root.connection != null) {
      checkScrubbed(root);
    }
    root.fill(0, root.content.length, seed);
    return root;
  }

  private static void checkScrubbed(Root root) {
    byte[] found = new byte[root.content.length];
    root.buffer.getBytes(0, found);
    for (byte each : found) {
      Expect.that(Bytes.isOwn(each, root.tag()), "another connection's byte: " + each, root.buffer);
    }
  }

  void copy(Operation operation) throws Exception {
    View source = world.view(operation.a());
    if (source == null) {
      return;
    }
    int index = operation.b() % (source.capacity() + 1);
    int length = operation.c() % (source.capacity() - index + 1);
    byte[] bytes = source.content(index, length);
    ByteBuf[] made = new ByteBuf[1];
    make(
        home(source.root.connection),
        length,
        operation.c(),
        () -> {
          made[0] = source.buffer.copy(index, length);
          Expect.sameBytes(content(made[0]), bytes, made[0]);
          return made[0].setIndex(0, 0);
        });
  }

  private static byte[] content(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.capacity()];
    buffer.getBytes(0, bytes);
    return bytes;
  }

  void copyOut(Operation operation) throws Exception {
    Root root = world.root(operation.a());
    Connection from = world.connection(operation.b());
    if (root == null || from == null || world.roots.size() >= MOST_ALIVE) {
      return;
    }
    View whole = root.whole();
    ByteBuf[] made = new ByteBuf[1];
    if (!world.succeeds(null, () -> made[0] = from.arena.copyOut(root.buffer))) {
      return;
    }
    Expect.sameBytes(content(made[0]), root.content, made[0]);
    Expect.equal(made[0].readerIndex(), whole.reader, "readerIndex", made[0]);
    Expect.equal(made[0].writerIndex(), whole.writer, "writerIndex", made[0]);
    world.lives.released(root, 1);
    if (!(made[0] instanceof EmptyByteBuf)) {
      made[0].setIndex(0, 0);
      Root copy = new Root(made[0], null);
      world.roots.add(copy);
      copy.fill(0, copy.content.length, operation.c());
    }
  }

  void slice(Operation operation) {
    View of = world.view(operation.a());
    if (of == null || of.root.views.size() >= MOST_VIEWS) {
      return;
    }
    int index = operation.b() % (of.capacity() + 1);
    int length = operation.c() % (of.capacity() - index + 1);
    boolean retained = (operation.c() >>> 12 & 1) == 1;
    ByteBuf slice =
        retained ? of.buffer.retainedSlice(index, length) : of.buffer.slice(index, length);
    View view = new View(of.root, slice, View.Shape.SLICE, of.offset + index, length);
    view.indices(0, length);
    add(view, retained);
  }

  void duplicate(Operation operation) {
    View of = world.view(operation.a());
    if (of == null || of.root.views.size() >= MOST_VIEWS || of.shape == View.Shape.SLICE) {
      return;
    }
    boolean retained = (operation.c() & 1) == 1;
    ByteBuf duplicate = retained ? of.buffer.retainedDuplicate() : of.buffer.duplicate();
    View view = new View(of.root, duplicate, View.Shape.DUPLICATE, 0, 0);
    view.indices(of.reader, of.writer);
    add(view, retained);
  }

  private static void add(View view, boolean retained) {
    view.root.views.add(view);
    view.root.references += retained ? 1 : 0;
  }
}
