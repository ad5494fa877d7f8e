package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import java.lang.management.ManagementFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The steady state: equal requests make no garbage and allocate nothing upstream. */
class SteadyStateTest {
  private static final int BUFFERS = 32;
  private static final int WARM = 200;
  private static final int MEASURED = 1000;

  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final ByteBuf[] buffers = new ByteBuf[BUFFERS];
  private final byte[] bytes = new byte[4096];
  private ConnectionArena arena;

  @BeforeEach
  void openArena() {
    arena = guard.allocator().newConnectionArena(loop.loop(), "the connection");
  }

  @AfterEach
  void closeArena() {
    arena.close();
  }

  /** One request: a trimmed read, and 32 buffers of mixed sizes and kinds, some of which grow. */
  private void request(int number) {
    ByteBuf read = arena.readBuffer(1024, 2048).writeBytes(bytes, 0, 700);
    read.capacity(700);
    for (int i = 0; i < BUFFERS; i++) {
      int size = 64 << (i + number) % 7;
      buffers[i] = (i % 8 == 7 ? arena.heapBuffer(size) : arena.directBuffer(size)).writeLong(i);
      if (i % 16 == 9) {
        buffers[i].writeBytes(bytes, 0, buffers[i].writableBytes() % bytes.length + 1);
      }
    }
    for (int i = 0; i < BUFFERS; i++) {
      buffers[number % 2 == 0 ? i : BUFFERS - 1 - i].release();
    }
    read.release();
    arena.reset();
  }

  private void requests(int count) {
    for (int i = 0; i < count; i++) {
      request(i);
    }
  }

  @Test
  void aRequestMakesNoGarbage() {
    requests(WARM);
    assertThat(thread.getCurrentThreadAllocatedBytes()).isPositive(); // its first call allocates
    assertThat(LongStream.generate(this::garbageOfRequests).limit(5)).contains(0L);
  }

  /** The garbage of many requests; the JVM's own, of compiling or linking, comes once. */
  private long garbageOfRequests() {
    long before = thread.getCurrentThreadAllocatedBytes();
    requests(MEASURED);
    return thread.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void theMeasurementSeesOneObject() {
    long before = thread.getCurrentThreadAllocatedBytes();
    buffers[0] = arena.directBuffer(64).slice();
    assertThat(thread.getCurrentThreadAllocatedBytes() - before).isPositive();
    buffers[0].release();
  }

  @Test
  void aRequestAllocatesNothingUpstream() {
    requests(WARM);
    long before = guard.allocator().metric().upstreamAllocations();
    requests(MEASURED);
    assertThat(guard.allocator().metric().upstreamAllocations()).isEqualTo(before);
  }
}
