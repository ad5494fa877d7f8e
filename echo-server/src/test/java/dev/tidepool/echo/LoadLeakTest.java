package dev.tidepool.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.live.http.PagedServer;
import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** A load on a server that leaks, which it reports only after the close of the connections. */
class LoadLeakTest {
  /** Framed, by a server that forgets a buffer in each connection. */
  private static final class Forgetful implements Protocol {
    private final Protocol framed = new FramedProtocol();
    private final Queue<ByteBuf> forgotten = new ConcurrentLinkedQueue<>();

    @Override
    public String name() {
      return framed.name();
    }

    @Override
    public String description() {
      return framed.description();
    }

    @Override
    public RequestProgress addServerCodec(ChannelPipeline pipeline) {
      pipeline.addLast(
          new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
              forgotten.add(ctx.alloc().buffer(100).writeZero(100));
              ctx.fireChannelActive();
            }
          });
      return framed.addServerCodec(pipeline);
    }

    @Override
    public ChannelHandler newResponder(LongConsumer answered) {
      return framed.newResponder(answered);
    }

    @Override
    public ProtocolClient newClient(LongFunction<Request> requests) {
      return framed.newClient(requests);
    }
  }

  @Test
  void aLeakIsThree() throws Exception {
    Forgetful protocol = new Forgetful();
    PagedServer server = new PagedServer(protocol);
    StringWriter out = new StringWriter();
    String line =
        "load --quiet -t 1 -c 3 -n 30 --port %d --server-page http://%s"
            .formatted(server.server.address().getPort(), Addresses.text(server.address));
    int exit =
        TidepoolEcho.commandLine(
                new PrintWriter(out, true), new PrintWriter(out, true), new ShutdownSignal())
            .execute(line.split(" "));
    assertThat(exit).as(out.toString()).isEqualTo(3);
    assertThat(out.toString()).containsPattern("leaks +3\\b");
    server.server.memory().leaksProvoked(protocol.forgotten.size());
    protocol.forgotten.forEach(ByteBuf::release);
    assertThat(server.stop().memory().kept()).isTrue();
  }
}
