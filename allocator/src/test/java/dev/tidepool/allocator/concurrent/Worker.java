package dev.tidepool.allocator.concurrent;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One thread's part: allocates, writes and hands over; verifies what comes in, and passes it on,
 * shares it, makes it grow or releases it. Other threads only put into the inbox.
 */
final class Worker {
  private static final int LARGEST = 3000;

  private final Exchange exchange;
  private final SplittableRandom random;
  private final BlockingQueue<Parcel> inbox = new LinkedBlockingQueue<>();

  Worker(Exchange exchange, SplittableRandom random) {
    this.exchange = exchange;
    this.random = random;
  }

  void put(Parcel parcel) {
    inbox.add(parcel);
  }

  /** Does what there is to do. False if there was nothing. */
  boolean act() {
    boolean allocates = random.nextBoolean() && exchange.wantsMore();
    if (allocates) {
      exchange.handOver(allocate(), random);
    }
    return receive(inbox.poll()) || allocates;
  }

  /** Waits a moment for a parcel, and treats it. False if none came. */
  boolean waitAndAct() throws InterruptedException {
    return receive(inbox.poll(1, TimeUnit.MILLISECONDS));
  }

  private boolean receive(Parcel parcel) {
    if (parcel != null) {
      parcel.verify();
      treat(parcel);
    }
    return parcel != null;
  }

  private Parcel allocate() {
    ByteBufAllocator from = random.nextInt(4) == 0 ? exchange.allocator() : exchange.arena();
    int capacity = random.nextInt(random.nextInt(8) == 0 ? LARGEST : 200);
    ByteBuf buffer =
        random.nextInt(3) == 0 ? from.heapBuffer(capacity) : from.directBuffer(capacity);
    int number = random.nextInt();
    Pattern.write(buffer, number, random.nextInt(capacity + 1));
    exchange.come();
    return new Parcel(buffer, number, false);
  }

  private void treat(Parcel parcel) {
    switch (random.nextInt(8)) {
      case 0, 1 -> exchange.handOver(parcel, random);
      case 2 -> share(parcel);
      case 3 -> exchange.handOver(grown(parcel), random);
      case 4 -> exchange.handOver(shrunk(parcel), random);
      default -> release(parcel);
    }
  }

  private void share(Parcel parcel) {
    exchange.come();
    exchange.handOver(parcel.another(), random);
    exchange.handOver(parcel.asShared(), random);
  }

  private void release(Parcel parcel) {
    parcel.buffer().release();
    exchange.gone();
  }

  private Parcel grown(Parcel parcel) {
    if (!parcel.shared() && parcel.buffer().writerIndex() < LARGEST) {
      Pattern.write(parcel.buffer(), parcel.number(), random.nextInt(600));
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

  /** Releases what comes in. */
  void letGo() {
    for (Parcel parcel = inbox.poll(); parcel != null; parcel = inbox.poll()) {
      parcel.verify();
      release(parcel);
    }
  }
}
