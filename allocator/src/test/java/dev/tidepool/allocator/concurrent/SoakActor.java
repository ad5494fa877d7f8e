package dev.tidepool.allocator.concurrent;

import dev.tidepool.allocator.ArenaBudgetExceededException;
import dev.tidepool.allocator.ConnectionArena;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.util.SplittableRandom;

/** One thread's part in a soak: takes a buffer under way, checks it and does something to it. */
final class SoakActor {
  private static final int SMALL = 200;
  private static final int LARGE = 6000;
  private static final int HUGE = 20_000;

  private final Soak soak;
  private final SplittableRandom random;

  SoakActor(Soak soak, SplittableRandom random) {
    this.soak = soak;
    this.random = random;
  }

  SplittableRandom random() {
    return random;
  }

  void actUntilOver() {
    while (!soak.isOver()) {
      act();
      if (random.nextInt(512) == 0) {
        actElsewhere();
      }
    }
  }

  /** Does what any thread may ask of arenas that are not its own. */
  private void actElsewhere() {
    ConnectionArena arena = anyArena();
    switch (random.nextInt(6)) {
      case 0 -> arena.reset();
      case 1 -> arena.close();
      case 2 -> soak.allocator.trim();
      case 3 -> require(soak.allocator.heaviest(3).size() <= 3, "heaviest");
      case 4 -> require(arena.metric().leasedBlocks() >= 0, "leased blocks");
      default -> soak.checkInvariants();
    }
  }

  void act() {
    soak.acts.increment();
    if (random.nextInt(3) == 0) {
      allocateFrom(random.nextInt(4) == 0 ? soak.allocator : anyArena());
    }
    Parcel parcel = soak.receive();
    if (parcel != null) {
      treat(parcel);
    }
  }

  private ConnectionArena anyArena() {
    return soak.anyLoop(random).any(random);
  }

  // Coming

  void allocateFrom(ByteBufAllocator from) {
    if (!soak.mayCome()) {
      return;
    }
    try {
      int number = random.nextInt();
      ByteBuf buffer = allocate(from, size());
      Pattern.write(buffer, number, random.nextInt(buffer.capacity() + 1));
      soak.handOver(new Parcel(buffer, number, false));
    } catch (ArenaBudgetExceededException e) {
      soak.refusals.increment();
      soak.gone();
    }
  }

  private int size() {
    return switch (random.nextInt(40)) {
      case 0 -> random.nextInt(HUGE);
      case 1, 2, 3, 4 -> random.nextInt(LARGE);
      default -> random.nextInt(SMALL);
    };
  }

  private ByteBuf allocate(ByteBufAllocator from, int size) {
    return switch (random.nextInt(3)) {
      case 0 -> from.heapBuffer(size);
      case 1 -> from.ioBuffer(size);
      default -> from.directBuffer(size);
    };
  }

  // Being there

  private void treat(Parcel parcel) {
    switch (random.nextInt(16)) {
      case 0, 1 -> soak.handOver(parcel);
      case 2, 3 -> share(parcel);
      case 4, 5 -> soak.handOver(grown(parcel));
      case 6 -> soak.handOver(shrunk(parcel));
      case 7 -> readThroughViews(parcel);
      case 8 -> inComposite(parcel);
      case 9 -> soak.handOver(copiedOut(parcel));
      case 10 -> copied(parcel);
      default -> release(parcel);
    }
  }

  private void release(Parcel parcel) {
    parcel.buffer().release();
    soak.gone();
  }

  private void share(Parcel parcel) {
    if (soak.mayCome()) {
      soak.handOver(parcel.another());
      soak.handOver(parcel.asShared());
    } else {
      soak.handOver(parcel);
    }
  }

  private Parcel grown(Parcel parcel) {
    if (!parcel.shared() && parcel.buffer().writerIndex() < LARGE) {
      try {
        Pattern.write(parcel.buffer(), parcel.number(), random.nextInt(SMALL * 4));
      } catch (ArenaBudgetExceededException e) {
        soak.refusals.increment();
      }
      parcel.verify();
    }
    return parcel;
  }

  private Parcel shrunk(Parcel parcel) {
    if (!parcel.shared()) {
      parcel.buffer().capacity(parcel.buffer().writerIndex());
      parcel.verify();
    }
    return parcel;
  }

  /** A slice outlives its buffer for a moment, and holds it. */
  private void readThroughViews(Parcel parcel) {
    ByteBuf whole = parcel.buffer();
    ByteBuf slice = whole.retainedSlice(0, whole.writerIndex());
    ByteBuf duplicate = whole.retainedDuplicate();
    require(slice.equals(duplicate.slice(0, duplicate.writerIndex())), "views are equal");
    require(slice.nioBuffer().remaining() == slice.readableBytes(), "NIO view");
    release(parcel);
    Pattern.verify(slice, parcel.number());
    duplicate.release();
    slice.release();
  }

  private void inComposite(Parcel parcel) {
    CompositeByteBuf composite = soak.allocator.compositeBuffer(4);
    composite.addComponent(true, parcel.buffer());
    Pattern.verify(composite, parcel.number());
    composite.release();
    soak.gone();
  }

  private Parcel copiedOut(Parcel parcel) {
    return new Parcel(anyArena().copyOut(parcel.buffer()), parcel.number(), false);
  }

  private void copied(Parcel parcel) {
    try {
      ByteBuf copy = parcel.buffer().copy();
      Pattern.verify(copy, parcel.number());
      copy.release();
    } catch (ArenaBudgetExceededException e) {
      soak.refusals.increment();
    }
    soak.handOver(parcel);
  }

  void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("expected: " + what);
    }
  }
}
