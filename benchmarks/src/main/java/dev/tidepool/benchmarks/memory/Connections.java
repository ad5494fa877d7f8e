package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.Subject;
import io.netty.buffer.ByteBufAllocator;

/** Connections without sockets: what each allocates from, spread evenly over the event loops. */
final class Connections {
  private final Loops loops;
  private final ByteBufAllocator[] allocators;

  private Connections(Loops loops, int count) {
    this.loops = loops;
    this.allocators = new ByteBufAllocator[count];
  }

  static Connections open(Subject subject, Loops loops, int count) {
    Connections connections = new Connections(loops, count);
    for (int i = 0; i < count; i++) {
      connections.allocators[i] = subject.openConnection(loops.loop(i % Loops.COUNT));
    }
    return connections;
  }

  /** What a connection is to do on its event loop. */
  interface Task {
    void run(int connection, ByteBufAllocator allocator);
  }

  int count() {
    return allocators.length;
  }

  ByteBufAllocator allocator(int connection) {
    return allocators[connection];
  }

  /** Runs {@code task} for each connection, on its own event loop. */
  void onEach(Task task) throws InterruptedException {
    onEach(0, task);
  }

  /** Runs {@code task} for each connection, {@code shift} event loops away from its own. */
  void onEach(int shift, Task task) throws InterruptedException {
    loops.onEach(
        loop -> {
          for (int i = (loop + shift) % Loops.COUNT; i < allocators.length; i += Loops.COUNT) {
            task.run(i, allocators[i]);
          }
        });
  }

  void endRequests() throws InterruptedException {
    onEach((i, allocator) -> Subject.endRequest(allocator));
  }
}
