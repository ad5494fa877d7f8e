package dev.tidepool.benchmarks.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * What a connection has done before it is idle.
 *
 * @param heapToo whether the requests take heap buffers, beside direct ones
 */
record SmallRequests(boolean heapToo) {
  private static final int REQUESTS = 4;
  private static final int READ_BYTES = 2048;
  private static final int[] WRITTEN_BYTES = {128, 256, 1024, 4096};

  void serve(Connections open) throws InterruptedException {
    for (int i = 0; i < REQUESTS; i++) {
      open.onEach((connection, allocator) -> serve(allocator));
    }
  }

  private void serve(ByteBufAllocator allocator) {
    ByteBuf read = allocator.directBuffer(READ_BYTES);
    for (int bytes : WRITTEN_BYTES) {
      allocator.directBuffer(bytes).writeZero(bytes).release();
    }
    read.release();
    if (heapToo) {
      allocator.heapBuffer(READ_BYTES).release();
    }
    Subject.endRequest(allocator);
  }
}
