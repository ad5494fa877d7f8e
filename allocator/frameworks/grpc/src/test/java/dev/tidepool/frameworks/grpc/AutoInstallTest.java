package dev.tidepool.frameworks.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.frameworks.AllocatorGuard;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A gRPC server and client that know nothing of the allocator, with Netty's extensions loaded. */
@Tag("autoinstall")
class AutoInstallTest {
  @RegisterExtension final AllocatorGuard guard = AllocatorGuard.ofDefault();

  @Test
  void eachConnectionHasAnArenaAtEitherEnd() throws Exception {
    EchoService service = new EchoService(1);
    Server server = NettyServerBuilder.forPort(0).addService(service.definition()).build().start();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", server.getPort()).usePlaintext().build();
    Calls calls = new Calls(channel);
    calls.unaryAtOnce(50, 2_000);
    calls.down(1, 5_000, 50);
    calls.up(5_000, 50);
    calls.both(2, 5_000, 50);
    calls.cancelHalfWay(3, 5_000, 20);
    assertThat(service.cancelled.await(20, TimeUnit.SECONDS)).isTrue();

    guard.awaitEach(2, arena -> arena.requests() > 0 && arena.leasedBlocks() == 0);
    channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
  }
}
