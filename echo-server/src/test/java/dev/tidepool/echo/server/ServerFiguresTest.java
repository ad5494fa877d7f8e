package dev.tidepool.echo.server;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.LoopCpu;
import dev.tidepool.echo.transport.Transport;
import dev.tidepool.echo.transport.TransportChoice;
import io.netty.channel.EventLoopGroup;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServerFiguresTest {
  private static final byte[] FRAME = frame(bytes(1000, 1));
  private static final long SPIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.server.AllocatorChoice#named")
  void eachAllocatorsServerHasFigures(AllocatorChoice allocator) throws Exception {
    try (TestServer server =
            new TestServer(new FramedProtocol(), allocator, TransportChoice.NIO, 1);
        TestClient client = new TestClient(server.address())) {
      ServerFiguresSource source = server.server().figures(allocator.toString());
      ServerFigures before = source.read();
      for (int i = 0; i < 20; i++) {
        client.assertEchoes(FRAME);
      }
      TestServer.await("all are counted", () -> source.read().requests() == 20);
      ServerFigures after = source.read();
      assertThat(before.requests()).isZero();
      assertThat(after.allocator()).isEqualTo(allocator.toString());
      assertThat(after.pid()).isEqualTo(ProcessHandle.current().pid());
      assertThat(after.loopCpuNanos()).isGreaterThan(before.loopCpuNanos());
      assertThat(after.cpuNanos()).isGreaterThanOrEqualTo(after.loopCpuNanos());
      assertThat(after.javaCpuNanos()).isGreaterThanOrEqualTo(after.loopCpuNanos());
      assertThat(after.directBytes()).isEqualTo(server.memory().usedDirect());
      assertThat(after.heapBytes()).isEqualTo(server.memory().usedHeap());
      assertThat(after.gcCount()).isGreaterThanOrEqualTo(before.gcCount());
    }
  }

  @Test
  void aServerWithArenasTellsItsStragglers() throws Exception {
    try (TestServer server = TestServer.arena(new FramedProtocol(), TransportChoice.NIO);
        TestClient client = new TestClient(server.address())) {
      client.assertEchoes(FRAME);
      assertThat(server.server().figures("arena").read())
          .returns(1L, ServerFigures::openArenas)
          .returns(0L, ServerFigures::stragglers)
          .returns(0L, ServerFigures::buffersOfClosed)
          .returns(0L, ServerFigures::leaks);
      assertThat(server.memory().usedDirect()).isPositive();
    }
  }

  /** The peak of a process is at least what it has now. */
  @Test
  void theProcessHasHadItsMemory() {
    long resident = ServerMemory.resident();
    assertThat(ProcessFigures.peakResidentBytes()).isGreaterThanOrEqualTo(resident / 2);
    assertThat(ProcessFigures.cpuNanos()).isPositive();
  }

  @Test
  void theTimeOfALoopIsThatOfItsThread() throws Exception {
    Transport transport = TransportChoice.NIO.resolve();
    EventLoopGroup loops = transport.newEventLoops("cpu", 2);
    try {
      LoopCpu cpu = new LoopCpu(loops);
      long[] before = cpu.nanos();
      loops.next().submit(ServerFiguresTest::spin).get();
      long[] after = cpu.nanos();
      assertThat(cpu.loops()).isEqualTo(2);
      assertThat(after[0] - before[0]).isGreaterThanOrEqualTo(SPIN_NANOS);
      assertThat(after[1] - before[1]).isLessThan(SPIN_NANOS);
      assertThat(cpu.totalNanos()).isGreaterThanOrEqualTo(after[0] + after[1]);
    } finally {
      loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
    }
  }

  /** Until the thread has used its time, however long the machine takes to give it. */
  private static void spin() {
    var threads = ManagementFactory.getThreadMXBean();
    long end = threads.getCurrentThreadCpuTime() + SPIN_NANOS;
    while (threads.getCurrentThreadCpuTime() < end) {
      Thread.onSpinWait();
    }
  }
}
