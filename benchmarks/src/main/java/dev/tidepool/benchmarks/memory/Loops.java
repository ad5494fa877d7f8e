package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.Subject;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;

/** Real event loops, as many on every machine, and connections without sockets on them. */
final class Loops implements AutoCloseable {
  static final int COUNT = 4;
  private static final int PATIENCE_SECONDS = 60;

  private final MultiThreadIoEventLoopGroup group;
  private final List<EventExecutor> loops = new ArrayList<>();

  Loops() {
    this(COUNT);
  }

  Loops(int count) {
    group = new MultiThreadIoEventLoopGroup(count, NioIoHandler.newFactory());
    group.forEach(loops::add);
  }

  MultiThreadIoEventLoopGroup group() {
    return group;
  }

  EventExecutor loop(int index) {
    return loops.get(index);
  }

  /** Runs {@code task} with the index of each event loop, on all at once, and waits for it. */
  void onEach(IntConsumer task) throws InterruptedException {
    CompletableFuture<?>[] running =
        IntStream.range(0, loops.size())
            .mapToObj(i -> CompletableFuture.runAsync(() -> task.accept(i), loops.get(i)))
            .toArray(CompletableFuture<?>[]::new);
    try {
      var unused = CompletableFuture.allOf(running).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("event loop: task failed (expected: done): " + e, e);
    }
  }

  Connections open(Subject subject, int count) {
    return new Connections(
        IntStream.range(0, count)
            .mapToObj(i -> subject.openConnection(loops.get(i % loops.size())))
            .toList());
  }

  /** Connections without sockets: what each allocates from, spread evenly over the event loops. */
  final class Connections {
    private final List<ByteBufAllocator> allocators;

    private Connections(List<ByteBufAllocator> allocators) {
      this.allocators = allocators;
    }

    List<ByteBufAllocator> allocators() {
      return allocators;
    }

    /** Runs {@code task} for each connection, on its own event loop. */
    void onEach(ObjIntConsumer<ByteBufAllocator> task) throws InterruptedException {
      onEach(0, task);
    }

    /** Runs {@code task} for each connection, {@code shift} event loops away from its own. */
    void onEach(int shift, ObjIntConsumer<ByteBufAllocator> task) throws InterruptedException {
      int step = loops.size();
      Loops.this.onEach(
          loop -> {
            for (int i = (loop + shift) % step; i < allocators.size(); i += step) {
              task.accept(allocators.get(i), i);
            }
          });
    }

    void endRequests() throws InterruptedException {
      onEach((allocator, i) -> Subject.endRequest(allocator));
    }
  }

  @Override
  public void close() {
    var unused = group.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
