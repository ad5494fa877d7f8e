package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The refusal of handlers in wrong places; the error says where they belong. */
class BoundaryPlacementTest {
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ChannelPipeline pipeline = channel.pipeline();

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
    assertThat(guard.allocator().metric().openArenas()).isZero();
  }

  private ArenaLifecycleHandler lifecycle() {
    return new ArenaLifecycleHandler(guard.allocator());
  }

  private void assertRefused(String name, String... parts) {
    assertThat(pipeline.get(name)).isNull();
    assertThatThrownBy(channel::checkException)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void aBoundaryWithoutALifecycleHandlerIsRefused() {
    pipeline.addLast("b", RequestBoundary.messages(message -> true, message -> true));
    assertRefused(
        "b", "RequestBoundary.messages() 'b'", "no ArenaLifecycleHandler before it", "addFirst");
  }

  @Test
  void aBoundaryBeforeTheLifecycleHandlerIsRefused() {
    pipeline.addLast("arena", lifecycle());
    pipeline.addFirst("b", RequestBoundary.http1());
    assertRefused("b", "RequestBoundary.http1() 'b'", "no ArenaLifecycleHandler before it");
  }

  @Test
  void theHttpBoundaryBeforeTheCodecIsRefused() {
    pipeline.addLast("arena", lifecycle());
    pipeline.addLast("codec", new HttpServerCodec());
    pipeline.addAfter("arena", "b", RequestBoundary.http1());
    assertRefused("b", "RequestBoundary.http1() 'b'", "'codec'", "expected: behind the HTTP codec");
  }

  @Test
  void anHttpBoundaryThatReceivesBytesSaysWhereItBelongs() {
    pipeline.addLast("arena", lifecycle());
    pipeline.addLast("b", RequestBoundary.http1());
    pipeline.addLast("codec", new HttpServerCodec());
    ByteBuf bytes = Unpooled.buffer().writeZero(10);
    assertThatThrownBy(() -> channel.writeInbound(bytes))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("received encoded bytes (expected: HTTP messages, behind the codec");
    assertThat(bytes.refCnt()).isZero();
  }

  @Test
  void theHttpBoundaryInAClientIsRefused() {
    pipeline.addLast("arena", lifecycle());
    pipeline.addLast("codec", new HttpClientCodec());
    pipeline.addLast("b", RequestBoundary.http1());
    assertRefused("b", "'codec'", "an HTTP server's pipeline");
  }

  @Test
  void aSecondBoundaryIsRefused() {
    pipeline.addLast(lifecycle());
    pipeline.addLast("first", RequestBoundary.messages(message -> true, message -> true));
    pipeline.addLast("second", RequestBoundary.http1());
    assertRefused("second", "'second'", "a second boundary beside 'first'", "expected: one");
    assertThat(pipeline.get("first")).isNotNull();
  }

  @Test
  @SuppressWarnings("deprecation") // of Netty 4.2, and in use
  void aBoundaryOnAnExecutorOfItsOwnIsRefused() {
    EventExecutorGroup group = new DefaultEventExecutorGroup(1);
    pipeline.addLast(lifecycle());
    pipeline.addLast(group, "b", RequestBoundary.messages(message -> true, message -> true));
    TestThreads.run(group.next(), () -> {});
    channel.runPendingTasks();
    assertRefused("b", "on an executor of its own", "expected: on the channel's event loop");
    TestThreads.end(group);
  }

  @Test
  void aSecondLifecycleHandlerIsRefusedAndTheFirstStays() {
    ArenaLifecycleHandler first = lifecycle();
    pipeline.addLast("first", first);
    pipeline.addLast("second", lifecycle());
    assertRefused(
        "second", "ArenaLifecycleHandler 'second'", "a second one beside 'first'", "expected: one");
    assertThat(guard.allocator().metric().openArenas()).isEqualTo(1);
    assertThat(channel.alloc()).isSameAs(ArenaLifecycleHandler.arena(channel));
  }

  @Test
  void aBoundaryMayBeReplacedByAnother() {
    pipeline.addLast(lifecycle());
    pipeline.addLast("b", RequestBoundary.messages(message -> true, message -> true));
    ChannelHandler other = RequestBoundary.messages(message -> true, message -> true);
    pipeline.replace("b", "other", other);
    channel.checkException();
    assertThat(pipeline.get(ArenaLifecycleHandler.class).messages()).isSameAs(other);
  }

  @Test
  void withoutALifecycleHandlerABoundaryPassesMessagesOn() {
    pipeline.addLast("arena", lifecycle());
    pipeline.addLast("b", RequestBoundary.messages(message -> true, message -> true));
    pipeline.addLast(new ChannelInboundHandlerAdapter());
    pipeline.remove("arena");
    channel.writeInbound("message");
    assertThat(channel.<String>readInbound()).isEqualTo("message");
    channel.writeOutbound("answer");
    assertThat(channel.<String>readOutbound()).isEqualTo("answer");
  }

  @Test
  void aReplacingLifecycleHandlerTakesTheBoundaryOver() {
    pipeline.addLast("arena", lifecycle());
    ChannelHandler boundary = RequestBoundary.messages("ask"::equals, "answer"::equals);
    pipeline.addLast("b", boundary);
    pipeline.replace("arena", "arena2", lifecycle());
    channel.writeInbound("ask");
    assertThat(ArenaLifecycleHandler.arena(channel).metric().resets()).isZero();
    channel.writeOutbound("answer");
    assertThat(ArenaLifecycleHandler.arena(channel).metric().resets()).isEqualTo(1);
  }

  @Test
  void afterABoundaryIsRemovedReadBurstsEndRequests() {
    pipeline.addLast("arena", lifecycle());
    pipeline.addLast("b", RequestBoundary.messages("ask"::equals, "answer"::equals));
    channel.writeInbound("ask");
    assertThat(ArenaLifecycleHandler.arena(channel).metric().resets()).isZero();
    pipeline.remove("b");
    channel.writeInbound("ask");
    assertThat(ArenaLifecycleHandler.arena(channel).metric().resets()).isEqualTo(1);
  }
}
