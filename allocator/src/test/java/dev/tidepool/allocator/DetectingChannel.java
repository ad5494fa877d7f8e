package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A fixture of an embedded channel whose codec is detected. */
abstract class DetectingChannel {
  @RegisterExtension final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);

  EmbeddedChannel channel;

  void open(Consumer<ChannelPipeline> initializer) {
    channel =
        new EmbeddedChannel(
            new ArenaChannelInitializer(
                guard.allocator(),
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel initialized) {
                    initializer.accept(initialized.pipeline());
                  }
                }));
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
    assertThat(guard.allocator().metric().openArenas()).isZero();
  }

  /** The simple names of the handlers' classes, in the pipeline's order. */
  List<String> handlers() {
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, ChannelHandler> entry : channel.pipeline()) {
      String name = entry.getValue().getClass().getSimpleName();
      if (!name.isEmpty()) { // EmbeddedChannel's own
        names.add(name);
      }
    }
    return names;
  }

  long resets() {
    return ArenaLifecycleHandler.arena(channel).metric().resets();
  }

  void receive(String bytes) {
    channel.writeInbound(
        channel.alloc().buffer().writeBytes(bytes.getBytes(StandardCharsets.US_ASCII)));
    channel.checkException();
  }

  void answer() {
    channel.writeOutbound(HttpServerChannel.empty(HttpResponseStatus.NO_CONTENT));
    channel.releaseOutbound();
  }

  /** The application's handler, which answers when the test does. */
  static final class Application extends ChannelDuplexHandler {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }
  }

  /** One reset for each request, and none before its answer. */
  void assertRequestsReset() {
    for (int i = 0; i < 3; i++) {
      long before = resets();
      receive(HttpServerChannel.POST);
      receive(HttpServerChannel.BODY);
      assertThat(resets()).isEqualTo(before);
      answer();
      assertThat(resets()).isEqualTo(before + 1);
    }
  }
}
