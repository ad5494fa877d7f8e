package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.Checks;
import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.RawProtocol;
import dev.tidepool.echo.testing.HandlerServer;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DribblerTest {
  private static final long REQUESTS = 40;

  @Test
  void eachByteIsAWriteOfItsOwn() {
    EmbeddedChannel channel = new EmbeddedChannel(new Dribbler());
    channel.writeOutbound(
        Unpooled.wrappedBuffer(new byte[] {1, 2}), Unpooled.wrappedBuffer(new byte[] {3}));
    channel.runPendingTasks();
    List<byte[]> written = new ArrayList<>();
    for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
      written.add(ByteBufUtil.getBytes(next));
      next.release();
    }
    assertThat(written).containsExactly(new byte[] {1}, new byte[] {2}, new byte[] {3});
    assertThat(channel.finish()).isFalse();
  }

  /** Counts what the server reads at once. */
  @Sharable
  private static final class Reads extends ChannelInboundHandlerAdapter {
    private final AtomicLong count = new AtomicLong();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      count.incrementAndGet();
      ctx.fireChannelRead(message);
    }
  }

  /** A request that goes out whole is read whole: the next is sent when it is answered. */
  @Test
  void theServerOfALoadReadsPartsOfRequests() throws Exception {
    Reads reads = new Reads();
    try (HandlerServer server = new HandlerServer(TransportChoice.NIO, Checks.OFF, () -> reads)) {
      LoadSettings settings =
          LoadSettings.builder(server.address(), new RawProtocol())
              .sizes(new SizeMix("50", List.of(new SizeRange(50, 50))))
              .threads(1)
              .connections(2)
              .pipeline(1)
              .requests(REQUESTS)
              .timeout(TestServer.PATIENCE)
              .unfriendly(new UnfriendlySettings(0, 1, 0, true, 0, 0))
              .build();
      try (LoadClient client = new LoadClient(settings, TransportChoice.NIO.resolve())) {
        client.connect();
        assertThat(client.run().join().answered()).isEqualTo(REQUESTS);
      }
      assertThat(reads.count.get()).isGreaterThan(REQUESTS);
    }
  }
}
