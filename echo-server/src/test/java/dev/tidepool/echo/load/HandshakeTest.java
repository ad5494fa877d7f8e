package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.RawProtocol;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.RequestProgress;
import dev.tidepool.echo.protocol.WrongAnswerException;
import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.ScriptedServer;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A protocol whose server says a plus sign before it echoes, loaded well and badly. */
class HandshakeTest {
  private static final byte GREETING = '+';

  /** Raw behind a greeting. */
  private record Greeting() implements Protocol {
    @Override
    public String name() {
      return "greeting";
    }

    @Override
    public String description() {
      return "of this test";
    }

    @Override
    public int smallestPayload() {
      return 1;
    }

    @Override
    public RequestProgress addServerCodec(ChannelPipeline pipeline) {
      pipeline.addLast(new Greeter());
      return RequestProgress.NONE;
    }

    @Override
    public ChannelHandler newResponder(LongConsumer answered) {
      return new RawProtocol().newResponder(answered);
    }

    @Override
    public ProtocolClient newClient(LongFunction<Request> requests) {
      return new GreetedClient(new RawProtocol().newClient(requests));
    }
  }

  private static final class Greeter extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {GREETING}));
      ctx.fireChannelActive();
    }
  }

  private record GreetedClient(ProtocolClient raw) implements ProtocolClient {
    @Override
    public void addCodec(ChannelPipeline pipeline) {
      pipeline.addLast(new GreetingDecoder());
    }

    @Override
    public boolean hasHandshake() {
      return true;
    }

    @Override
    public List<?> encode(Request request, ByteBufAllocator allocator) {
      return raw.encode(request, allocator);
    }

    @Override
    public void receive(Object message, Answers answers) throws WrongAnswerException {
      raw.receive(message, answers);
    }
  }

  private static final class GreetingDecoder extends ByteToMessageDecoder {
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      byte first = in.readByte();
      if (first != GREETING) {
        throw new CorruptedFrameException("greeted with " + first + ", expected " + GREETING);
      }
      ctx.fireUserEventTriggered(ProtocolClient.READY);
      ctx.pipeline().remove(this);
    }
  }

  private static LoadSettings settings(
      InetSocketAddress address, int connections, Duration connectTimeout) {
    return LoadSettings.builder(address, new Greeting())
        .connections(connections)
        .requests(200L)
        .sizes(new SizeMix("1..1000", List.of(new SizeRange(1, 1000))))
        .pipeline(4)
        .seed(19)
        .threads(1)
        .connectTimeout(connectTimeout)
        .timeout(TestServer.PATIENCE)
        .build();
  }

  private static LoadClient client(int port, int connections, Duration connectTimeout)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return new LoadClient(
        settings(address, connections, connectTimeout), TransportChoice.NIO.resolve());
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void theLoadBeginsBehindTheHandshake(TransportChoice transport) throws Exception {
    try (TestServer server =
        new TestServer(new Greeting(), AllocatorChoice.CONNECTION, transport, 1)) {
      LoadResult load;
      try (LoadClient client = client(server.address().getPort(), 3, TestServer.PATIENCE)) {
        client.connect();
        client.connectGreedy(2);
        load = client.run().join();
      }
      ServedSummary served = server.stop();
      assertThat(load.failure()).isNull();
      assertThat(load.answered()).isEqualTo(200);
      assertThat(served.connections()).isEqualTo(5);
    }
  }

  @Test
  void aHandshakeThatTakesTooLongIsAFailureToConnect() throws Exception {
    try (ScriptedServer server = ScriptedServer.silent();
        LoadClient client = client(server.port(), 1, Duration.ofMillis(200))) {
      assertThatThrownBy(client::connect)
          .isInstanceOf(IOException.class)
          .hasMessage("cannot connect to 127.0.0.1:%d: no handshake within 200 ms", server.port());
    }
  }

  @Test
  void aConnectionThatEndsWithinTheHandshakeIsAFailureToConnect() throws Exception {
    try (ScriptedServer server = ScriptedServer.closingAfter(0);
        LoadClient client = client(server.port(), 1, TestServer.PATIENCE)) {
      assertThatThrownBy(client::connect)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the server closed the connection before it was ready");
    }
  }

  private final Openings openings = new Openings(1);

  private EmbeddedChannel opening() {
    RequestPlan plan = new RequestPlan(new SizeMix("1", List.of(new SizeRange(1, 1))), 1, 0);
    return new EmbeddedChannel(
        new GreetingDecoder(),
        new OpeningHandler(openings.newListener(), true, TestServer.PATIENCE),
        new GreedyConnection(plan, new UnaskedClient()));
  }

  /** A client that may not be asked for a request. */
  private static final class UnaskedClient implements ProtocolClient {
    @Override
    public List<?> encode(Request request, ByteBufAllocator allocator) {
      throw new IllegalStateException("request " + request.sequence() + " before the handshake");
    }

    @Override
    public void receive(Object message, Answers answers) {
      throw new IllegalStateException("received " + message + " before the handshake");
    }
  }

  @Test
  void nothingIsSentBeforeTheHandshakeEnds() {
    EmbeddedChannel channel = opening();
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    channel.runPendingTasks();
    assertThat(channel.isOpen()).as("open, as no request was asked for").isTrue();
    assertThat(openings.done()).isNotDone();
    assertThat(channel.close().isSuccess()).isTrue();
    assertThat(openings.failure()).hasMessageContaining("closed the connection before");
  }

  @Test
  void whatFailsTheHandshakeIsWhyTheConnectionIsNotOpened() {
    EmbeddedChannel channel = opening();
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {'-'}));
    assertThat(openings.failure()).hasMessage("greeted with 45, expected 43");
    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.finishAndReleaseAll()).isFalse();
  }
}
