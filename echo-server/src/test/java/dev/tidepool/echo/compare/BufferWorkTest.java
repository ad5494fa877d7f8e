package dev.tidepool.echo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.LoadClient;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.load.SizeMix;
import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.http.HttpProtocol;
import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.Transport;
import dev.tidepool.echo.transport.TransportChoice;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The server that allocates buffers for each request beside those of the echo. */
class BufferWorkTest {
  private static final long REQUESTS = 200;
  private static final long TEN_BUFFERS = 64 + 256 + 32 + 1024 + 128 + 512 + 64 + 2048 + 256 + 128;

  @Test
  void itAllocatesThemAndReleasesThem() throws Exception {
    long plain = allocated(new HttpProtocol());
    long working = allocated(new BufferWork(new HttpProtocol(), 10));
    assertThat(working - plain).isGreaterThanOrEqualTo(REQUESTS * TEN_BUFFERS);
  }

  /** The bytes that the one connection's arena allocated. */
  private static long allocated(Protocol protocol) throws Exception {
    try (TestServer server =
        new TestServer(protocol, AllocatorChoice.CONNECTION, TransportChoice.AUTO, 1)) {
      long allocated;
      try (LoadClient client = new LoadClient(settings(server, protocol), transport())) {
        client.connect();
        LoadResult load = client.run().join();
        assertThat(load.errorCount()).isZero();
        assertThat(load.answered()).isEqualTo(REQUESTS);
        allocated = server.server().arenas().arenas().get(0).allocatedBytes();
      }
      ServedSummary served = server.stop();
      assertThat(served.memory().used()).isZero();
      assertThat(served.memory().arenas().leaks()).isZero();
      return allocated;
    }
  }

  private static Transport transport() throws Exception {
    return TransportChoice.AUTO.resolve();
  }

  private static LoadSettings settings(TestServer server, Protocol protocol) {
    return LoadSettings.builder(server.address(), protocol)
        .connections(1)
        .threads(1)
        .pipeline(4)
        .requests(REQUESTS)
        .sizes(new SizeMix("64", List.of(new SizeRange(64, 64))))
        .build();
  }
}
