package dev.tidepool.frameworks.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.frameworks.AllocatorGuard;
import dev.tidepool.frameworks.Setting;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A gRPC server and client on the shared allocator and gRPC's own event loops. */
@ParameterizedClass
@EnumSource(Setting.class)
class SharedAllocatorTest {
  @RegisterExtension final AllocatorGuard guard;

  SharedAllocatorTest(Setting setting) {
    guard = AllocatorGuard.of(setting);
  }

  @Test
  void callsOfEveryKind() throws Exception {
    EchoService service = new EchoService(1);
    Server server =
        GrpcRecipes.sharedServer(0, guard.allocator())
            .addService(service.definition())
            .build()
            .start();
    ManagedChannel channel =
        GrpcRecipes.sharedClient("localhost", server.getPort(), guard.allocator())
            .usePlaintext()
            .build();
    Calls calls = new Calls(channel);
    calls.unaryAtOnce(50, 2_000);
    calls.down(1, 5_000, 50);
    calls.up(5_000, 50);
    calls.both(2, 5_000, 50);
    calls.cancelHalfWay(3, 5_000, 20);
    assertThat(service.cancelled.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(guard.allocator().metric().upstreamAllocations()).isPositive();
    assertThat(guard.arenas()).isEmpty();
    channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
  }
}
