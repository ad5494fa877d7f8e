package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2ServerUpgradeCodec;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The boundary that comes and goes with the codec of a wrapped initializer's pipeline. */
class CodecDetectionTest extends DetectingChannel {
  // Found at once

  @Test
  void theBoundaryStandsRightBehindTheCodec() {
    open(
        pipeline ->
            pipeline.addLast(
                new HttpServerCodec(), new HttpObjectAggregator(1000), new Application()));
    assertThat(handlers())
        .containsExactly(
            "ArenaLifecycleHandler",
            "HttpServerCodec",
            "MessageBoundary",
            "HttpObjectAggregator",
            "Application");
    assertRequestsReset();
  }

  @Test
  void theBoundaryStandsBehindBothOfAPair() {
    open(
        pipeline ->
            pipeline.addLast(
                new HttpRequestDecoder(),
                new HttpObjectAggregator(1000),
                new HttpResponseEncoder(),
                new Application()));
    assertThat(handlers())
        .endsWith("HttpObjectAggregator", "HttpResponseEncoder", "MessageBoundary", "Application");
    assertRequestsReset();
  }

  @Test
  void theDecoderMayStandBehindTheEncoder() {
    open(
        pipeline ->
            pipeline.addLast(
                new HttpResponseEncoder(), new HttpRequestDecoder(), new Application()));
    assertThat(handlers())
        .endsWith("HttpResponseEncoder", "HttpRequestDecoder", "MessageBoundary", "Application");
    assertRequestsReset();
  }

  @Test
  void theApplicationsAllocatorIsTheArenaAlreadyInItsInitializer() {
    List<Object> allocators = new ArrayList<>();
    open(pipeline -> allocators.add(pipeline.channel().alloc()));
    assertThat(allocators).containsExactly(ArenaLifecycleHandler.arena(channel));
  }

  @Test
  void aHandlerThatIsNoInitializerIsWrappedToo() {
    channel =
        new EmbeddedChannel(new ArenaChannelInitializer(guard.allocator(), new Application()));
    assertThat(handlers()).containsExactly("ArenaLifecycleHandler", "Application");
    receive("bytes");
    assertThat(resets()).isEqualTo(1);
  }

  // Not for every pipeline

  @Test
  void clientsAndOtherCodecsGetNoBoundary() {
    open(pipeline -> pipeline.addLast(new HttpClientCodec(), new Application()));
    assertThat(handlers())
        .containsExactly("ArenaLifecycleHandler", "HttpClientCodec", "Application");
    channel.finishAndReleaseAll();
    open(pipeline -> pipeline.addLast(new HttpRequestDecoder(), new Application()));
    assertThat(handlers())
        .containsExactly("ArenaLifecycleHandler", "HttpRequestDecoder", "Application");
  }

  @Test
  @SuppressWarnings("deprecation") // of handlers on executors of their own, in 4.2
  void aCodecOnAnExecutorOfItsOwnGetsNoBoundary() {
    EventExecutorGroup executors = new DefaultEventExecutorGroup(1);
    open(pipeline -> pipeline.addLast(executors, new HttpServerCodec(), new Application()));
    assertThat(handlers())
        .containsExactly("ArenaLifecycleHandler", "HttpServerCodec", "Application");
    channel.finishAndReleaseAll();
    TestThreads.end(executors);
  }

  @Test
  void theApplicationsOwnBoundaryIsTheOnlyOne() {
    open(
        pipeline ->
            pipeline.addLast(new HttpServerCodec(), RequestBoundary.http1(), new Application()));
    assertThat(handlers()).containsOnlyOnce("MessageBoundary");
    assertRequestsReset();
  }

  @Test
  void theApplicationsOwnBoundaryReplacesTheOneThatWasFound() {
    open(pipeline -> pipeline.addLast(new HttpServerCodec(), new Application()));
    ChannelHandler own =
        RequestBoundary.messages(message -> message instanceof HttpRequest, message -> false);
    channel
        .pipeline()
        .addAfter(channel.pipeline().context(HttpServerCodec.class).name(), "own", own);
    channel.checkException();
    assertThat(handlers()).containsOnlyOnce("MessageBoundary");
    assertThat(channel.pipeline().get("own")).isSameAs(own);
    receive(HttpServerChannel.GET);
    receive(HttpServerChannel.GET);
    assertThat(handlers()).containsOnlyOnce("MessageBoundary");
    assertThat(resets()).isZero();
  }

  /** As in a tunnel that ends within the same pipeline. */
  @Test
  void twoCodecsGetNoBoundaryAndTheChannelGoesOn() {
    open(
        pipeline ->
            pipeline.addLast(
                new HttpServerCodec(), new ChannelDuplexHandler(), new HttpRequestDecoder()));
    channel.checkException();
    assertThat(channel.isOpen()).isTrue();
    assertThat(handlers()).doesNotContain("MessageBoundary");
  }

  // Added later

  /** Finds out the protocol by the first byte, as port unification does. */
  private static final class Unification extends ByteToMessageDecoder {
    private final boolean replaces;

    Unification(boolean replaces) {
      this.replaces = replaces;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      if (!in.isReadable(4)) {
        return;
      }
      if (replaces) {
        ctx.pipeline().addAfter(ctx.name(), null, new Application());
        ctx.pipeline().replace(this, "codec", new HttpServerCodec());
      } else {
        ctx.pipeline().addLast("codec", new HttpServerCodec());
        ctx.pipeline().addLast(new Application());
        ctx.pipeline().remove(this);
      }
    }
  }

  @Test
  void aCodecThatIsAddedBehindIsSeenBeforeItsFirstMessage() {
    open(pipeline -> pipeline.addLast(new Unification(false)));
    assertThat(handlers()).containsExactly("ArenaLifecycleHandler", "Unification", "CodecLookout");
    receive("PO");
    long before = resets();
    receive(HttpServerChannel.POST.substring(2)); // the head alone: its burst ends no request
    assertThat(handlers())
        .containsExactly(
            "ArenaLifecycleHandler", "HttpServerCodec", "MessageBoundary", "Application");
    assertThat(resets()).isEqualTo(before);
    receive(HttpServerChannel.BODY);
    answer();
    assertThat(resets()).isEqualTo(before + 1);
    assertRequestsReset();
  }

  @Test
  void aCodecThatReplacesAHandlerIsFoundWhenItsBurstIsOver() {
    open(pipeline -> pipeline.addLast(new Unification(true)));
    receive(HttpServerChannel.POST + HttpServerChannel.BODY);
    assertThat(handlers()).containsSubsequence("HttpServerCodec", "MessageBoundary", "Application");
    answer();
    assertRequestsReset();
  }

  /** Then the codec stands in front of the lookout, which its first message reaches. */
  @Test
  void theFirstMessageOfACodecThatReplacesTheLastHandlerIsNotMissed() {
    open(
        pipeline ->
            pipeline.addLast(
                new ByteToMessageDecoder() {
                  @Override
                  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
                    ctx.pipeline().addLast(new Application());
                    ctx.pipeline().replace(this, "codec", new HttpServerCodec());
                  }
                }));
    receive(HttpServerChannel.POST + HttpServerChannel.BODY);
    receive(HttpServerChannel.POST + HttpServerChannel.BODY);
    long before = resets();
    answer();
    assertThat(resets()).isEqualTo(before); // the second request is open
    answer();
    assertThat(resets()).isEqualTo(before + 1);
    assertRequestsReset();
  }

  // Removed again

  @Test
  void theBoundaryGoesWithTheCodec() {
    open(pipeline -> pipeline.addLast("codec", new HttpServerCodec()).addLast(new Application()));
    assertRequestsReset();
    channel.pipeline().remove("codec");
    receive("the protocol is another now");
    assertThat(handlers()).containsExactly("ArenaLifecycleHandler", "Application");
    long before = resets();
    receive("a burst");
    assertThat(resets()).isEqualTo(before + 1);
    channel
        .pipeline()
        .addBefore(
            channel.pipeline().context(Application.class).name(), "codec", new HttpServerCodec());
    channel.pipeline().fireChannelReadComplete();
    assertThat(handlers()).contains("MessageBoundary");
    assertRequestsReset();
  }

  @Test
  void theBoundaryGoesWhenOneOfAPairDoes() {
    open(
        pipeline ->
            pipeline
                .addLast(new HttpRequestDecoder())
                .addLast("encoder", new HttpResponseEncoder())
                .addLast(new Application()));
    channel.pipeline().remove("encoder");
    channel.pipeline().fireChannelReadComplete();
    assertThat(handlers()).doesNotContain("MessageBoundary");
  }

  @Test
  void bytesBeforeAnyRequestAreNotRefused() {
    open(pipeline -> pipeline.addLast("codec", new HttpServerCodec()).addLast(new Application()));
    ByteBuf bytes = Unpooled.buffer().writeZero(10);
    channel.pipeline().context("codec").fireChannelRead(bytes);
    channel.checkException();
    assertThat(bytes.refCnt()).isZero();
    assertRequestsReset();
  }

  /** A server of both versions of HTTP, in clear text. */
  private void openForBothVersions() {
    open(
        pipeline -> {
          HttpServerCodec codec = new HttpServerCodec();
          HttpServerUpgradeHandler upgrade =
              new HttpServerUpgradeHandler(
                  codec,
                  protocol ->
                      new Http2ServerUpgradeCodec(
                          Http2FrameCodecBuilder.forServer().build(), new Application()));
          pipeline.addLast(
              new CleartextHttp2ServerUpgradeHandler(
                  codec, upgrade, Http2FrameCodecBuilder.forServer().build()));
          pipeline.addLast(new Application());
        });
    assertThat(handlers()).containsSubsequence("HttpServerCodec", "MessageBoundary", "Application");
  }

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final String SETTINGS = "\0\0\0\4\0\0\0\0\0";

  @Test
  void http2WithPriorKnowledgeRemovesTheBoundary() {
    openForBothVersions();
    receive(PREFACE + SETTINGS);
    assertThat(handlers())
        .containsExactly("ArenaLifecycleHandler", "Http2FrameCodec", "Application");
    channel.releaseOutbound();
  }

  @Test
  void anUpgradeToHttp2RemovesTheBoundary() {
    openForBothVersions();
    String request =
        """
        GET / HTTP/1.1
        Host: loopback
        Connection: Upgrade, HTTP2-Settings
        Upgrade: h2c
        HTTP2-Settings: AAMAAABkAAQAAP__

        """;
    receive(request.replace("\n", "\r\n"));
    assertThat(handlers()).contains("Http2FrameCodec").doesNotContain("MessageBoundary");
    channel.releaseOutbound();
  }

  @Test
  void aServerOfBothVersionsStillServesTheFirst() {
    openForBothVersions();
    assertRequestsReset();
  }

  @Test
  void nothingIsLeftWhenTheLifecycleHandlerIsRemoved() {
    open(pipeline -> pipeline.addLast(new HttpServerCodec(), new Application()));
    channel.pipeline().remove(ArenaLifecycleHandler.class);
    assertThat(handlers()).containsExactly("HttpServerCodec", "Application");
    channel.finishAndReleaseAll();
    open(pipeline -> pipeline.addLast(new Unification(false)));
    channel.pipeline().remove(ArenaLifecycleHandler.class);
    assertThat(handlers()).containsExactly("Unification");
  }
}
