package dev.tidepool.frameworks.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.frameworks.AllocatorGuard;
import dev.tidepool.frameworks.Setting;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A gRPC server and client, each connection of which has an arena of its own. */
@ParameterizedClass
@EnumSource(Setting.class)
class GrpcTest {
  private static final int MIB = Calls.MIB;

  @RegisterExtension final AllocatorGuard guard;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final EchoService service = new EchoService(1);
  private Server server;
  private ManagedChannel channel;
  private Calls calls;

  GrpcTest(Setting setting) {
    guard = AllocatorGuard.of(setting);
  }

  @BeforeEach
  void start() throws Exception {
    server =
        GrpcRecipes.server(0, loops, guard.allocator())
            .maxInboundMessageSize(8 * MIB)
            .addService(service.definition())
            .build()
            .start();
    channel = connect();
    calls = new Calls(channel);
  }

  private ManagedChannel connect() {
    return GrpcRecipes.client("localhost", server.getPort(), loops, guard.allocator())
        .usePlaintext()
        .maxInboundMessageSize(8 * MIB)
        .build();
  }

  @AfterEach
  void stop() throws Exception {
    service.mayAnswer.countDown();
    channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
    guard.awaitArenas(0); // an event loop that ends at once may leave a channel open
    loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void unaryCallsResetTheArenasOfBothEnds() {
    for (int i = 0; i < 100; i++) {
      calls.unary(i, 100 * i);
    }
    guard.awaitEach(2, arena -> arena.requests() > 0 && arena.leasedBlocks() == 0);
    assertThat(guard.arenas())
        .allSatisfy(
            arena -> assertThat(arena.metric().allocatedBytes()).isGreaterThan(100 * 99 / 2 * 100));
  }

  @Test
  void anIdleConnectionHoldsNoBlock() {
    calls.unary(1, 64 * 1024);
    guard.awaitEach(2, arena -> arena.leasedBlocks() == 0);
  }

  @Test
  void manyCallsAtOnceOnOneConnection() throws Exception {
    calls.unaryAtOnce(100, 5_000);
  }

  @Test
  void eachConnectionHasAnArena() throws Exception {
    ManagedChannel other = connect();
    calls.unaryAtOnce(10, 1_000);
    new Calls(other).unaryAtOnce(10, 1_000);
    guard.awaitArenas(4);
    other.shutdown().awaitTermination(20, TimeUnit.SECONDS);
    guard.awaitArenas(2);
  }

  @Test
  void aStreamFromTheServer() {
    calls.down(7, 10_000, 300);
  }

  @Test
  void aStreamFromTheClient() throws Exception {
    calls.up(10_000, 300);
  }

  @Test
  void streamsBothWays() throws Exception {
    calls.both(3, 3_000, 200);
  }

  @Test
  void aStreamThatIsCancelledHalfWay() throws Exception {
    calls.cancelHalfWay(5, 20_000, 20);
    assertThat(service.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    calls.unary(1, 1_000);
  }

  @Test
  void aMessageOf6MiB() {
    calls.unary(11, 6 * MIB);
    guard.awaitEach(2, arena -> arena.leasedBlocks() == 0);
  }

  @Test
  void anAnswerAfterTheDeadline() {
    calls.exceedDeadline(10_000);
    service.mayAnswer.countDown();
    calls.unary(1, 1_000);
  }

  @Test
  void aClientThatVanishesDuringAStream() throws Exception {
    ManagedChannel other = connect();
    new Calls(other).readSome(5, 20_000, 20);
    other.shutdownNow();
    assertThat(service.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    guard.awaitArenas(0);
  }
}
