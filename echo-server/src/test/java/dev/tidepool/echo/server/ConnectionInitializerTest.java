package dev.tidepool.echo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaLifecycleHandler;
import dev.tidepool.allocator.RequestBoundary;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.RawProtocol;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** The order of a connection's handlers, with and without arenas, with and without a boundary. */
class ConnectionInitializerTest {
  private final ChannelHandler codec = new ChannelInboundHandlerAdapter();
  private final ChannelHandler boundary = RequestBoundary.messages(request -> true, answer -> true);
  private final ChannelHandler responder = new ChannelInboundHandlerAdapter();

  private final class WithBoundary implements Protocol {
    @Override
    public String name() {
      return "with-boundary";
    }

    @Override
    public String description() {
      return "of this test";
    }

    @Override
    public RequestProgress addServerCodec(ChannelPipeline pipeline) {
      pipeline.addLast(codec);
      return RequestProgress.NONE;
    }

    @Override
    public Optional<ChannelHandler> newBoundary() {
      return Optional.of(boundary);
    }

    @Override
    public ChannelHandler newResponder(LongConsumer answered) {
      return responder;
    }

    @Override
    public ProtocolClient newClient(LongFunction<Request> requests) {
      return new RawProtocol().newClient(requests);
    }
  }

  private static List<ChannelHandler> handlers(Protocol protocol, ByteBufAllocator allocator) {
    List<Throwable> faults = new ArrayList<>();
    ConnectionInitializer initializer =
        new ConnectionInitializer(
            protocol,
            new ServerMemory(allocator),
            new ServerTotals(),
            (line, cause) -> faults.add(cause),
            new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE),
            null,
            ConnectionProbe.NONE);
    EmbeddedChannel channel = new EmbeddedChannel(initializer);
    assertThat(faults).isEmpty();
    List<ChannelHandler> handlers = List.copyOf(channel.pipeline().toMap().values());
    channel.finishAndReleaseAll();
    return handlers;
  }

  @Test
  void aBoundaryStandsBehindTheCodecWhereThereAreArenas() {
    List<ChannelHandler> handlers =
        handlers(new WithBoundary(), ArenaByteBufAllocator.builder().build());
    assertThat(handlers).hasSize(7);
    assertThat(handlers.get(0)).isInstanceOf(ArenaLifecycleHandler.class);
    assertThat(handlers.get(1)).isSameAs(codec);
    assertThat(handlers.get(2)).isSameAs(boundary);
    assertThat(handlers.get(3)).isInstanceOf(OrderlyCloseHandler.class);
    assertThat(handlers.get(4)).isSameAs(responder);
    assertThat(handlers.get(5)).isInstanceOf(BackPressureHandler.class);
    assertThat(handlers.get(6)).isInstanceOf(FaultHandler.class);
  }

  @Test
  void withoutArenasThereIsNoBoundary() {
    List<ChannelHandler> handlers = handlers(new WithBoundary(), new PooledByteBufAllocator(true));
    assertThat(handlers).hasSize(5);
    assertThat(handlers.get(0)).isSameAs(codec);
    assertThat(handlers.get(1)).isInstanceOf(OrderlyCloseHandler.class);
  }

  @Test
  void rawNeedsNeitherCodecNorBoundary() {
    List<ChannelHandler> handlers =
        handlers(new RawProtocol(), ArenaByteBufAllocator.builder().build());
    assertThat(handlers).hasSize(5);
    assertThat(handlers.get(0)).isInstanceOf(ArenaLifecycleHandler.class);
    assertThat(handlers.get(1)).isInstanceOf(OrderlyCloseHandler.class);
  }
}
