package dev.tidepool.echo.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.RequestBoundary;
import dev.tidepool.echo.load.ErrorCause;
import dev.tidepool.echo.load.LoadClient;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.load.SizeMix;
import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.LineDecoder;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A protocol that only this class knows, served and loaded: lines that come back reversed. */
class ThirdProtocolTest {
  private static final int CONNECTIONS = 3;
  private static final long REQUESTS = 600;
  private static final byte LINE_END = '\n';

  /**
   * Answers each line with its letters in reverse order.
   *
   * @param wrongAnswer which answer of each connection begins with a wrong letter; -1: none
   */
  private record ReversedLines(long wrongAnswer) implements Protocol {
    @Override
    public String name() {
      return "reversed";
    }

    @Override
    public String description() {
      return "lines that come back reversed";
    }

    @Override
    public RequestProgress addServerCodec(ChannelPipeline pipeline) {
      LineDecoder decoder = new LineDecoder(Protocol.LARGEST_PAYLOAD);
      pipeline.addLast(decoder);
      return decoder;
    }

    @Override
    public Optional<ChannelHandler> newBoundary() {
      return Optional.of(
          RequestBoundary.messages(
              line -> true, answer -> answer instanceof ByteBuf bytes && bytes.isReadable()));
    }

    @Override
    public ChannelHandler newResponder(LongConsumer answered) {
      return new Reverser(wrongAnswer, answered);
    }

    @Override
    public ProtocolClient newClient(LongFunction<Request> requests) {
      return new LineClient(requests);
    }
  }

  private static final class Reverser extends SimpleChannelInboundHandler<ByteBuf> {
    private final LongConsumer answered;
    private long untilWrong;

    Reverser(long wrongAnswer, LongConsumer answered) {
      this.untilWrong = wrongAnswer;
      this.answered = answered;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) {
      ByteBuf answer = ctx.alloc().buffer(line.readableBytes() + 1);
      for (int i = line.writerIndex() - 1; i >= line.readerIndex(); i--) {
        answer.writeByte(line.getByte(i));
      }
      answer.writeByte(LINE_END);
      if (untilWrong-- == 0) {
        answer.setByte(0, '?');
      }
      answered.accept(answer.readableBytes());
      ctx.write(answer, ctx.voidPromise());
    }
  }

  /** The letters of a request. */
  private record Letters(Payload payload) implements ByteSequence {
    @Override
    public int length() {
      return payload.length();
    }

    @Override
    public byte at(int position) {
      return (byte) ('a' + Math.floorMod(payload.at(position), 26));
    }
  }

  /** The letters of its answer. */
  private record Reversed(Letters letters) implements ByteSequence {
    @Override
    public int length() {
      return letters.length();
    }

    @Override
    public byte at(int position) {
      return letters.at(length() - 1 - position);
    }
  }

  private static final class LineClient implements ProtocolClient {
    private final LongFunction<Request> requests;
    private long sequence;

    LineClient(LongFunction<Request> requests) {
      this.requests = requests;
    }

    @Override
    public void addCodec(ChannelPipeline pipeline) {
      pipeline.addLast(new LineBasedFrameDecoder(Protocol.LARGEST_PAYLOAD));
    }

    @Override
    public List<?> encode(Request request, ByteBufAllocator allocator) {
      Letters letters = new Letters(request.payload());
      ByteBuf line = allocator.buffer(letters.length());
      letters.writeTo(line);
      return List.of(line, allocator.buffer(1).writeByte(LINE_END));
    }

    @Override
    public void receive(Object message, Answers answers) throws WrongAnswerException {
      ByteBuf line = (ByteBuf) message;
      Letters letters = new Letters(requests.apply(sequence).payload());
      AnswerBytes answer = new AnswerBytes(sequence, new Reversed(letters));
      int verified = answer.verify(line);
      if (line.isReadable() || !answer.isComplete()) {
        int length = verified + line.readableBytes();
        throw new WrongAnswerException(
            "answer " + sequence + " has " + length + " bytes, expected " + letters.length(), 0);
      }
      answers.verified(verified + 1);
      answers.answered(sequence++);
    }
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void everyByteIsVerifiedAndAllMemoryGoesBack(TransportChoice transport) throws Exception {
    serveAndLoad(AllocatorChoice.CONNECTION, transport);
  }

  /** Without arenas there is no boundary in the pipeline. */
  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.server.AllocatorChoice#named")
  void everyAllocatorServesIt(AllocatorChoice allocator) throws Exception {
    serveAndLoad(allocator, TransportChoice.AUTO);
  }

  private static void serveAndLoad(AllocatorChoice allocator, TransportChoice transport)
      throws IOException {
    Protocol protocol = new ReversedLines(-1);
    try (TestServer server = new TestServer(protocol, allocator, transport, 2)) {
      LoadResult load = load(server, protocol, CONNECTIONS, REQUESTS);
      ServedSummary served = server.stop();

      assertThat(load.failure()).isNull();
      assertThat(load.answered()).isEqualTo(REQUESTS);
      assertThat(load.bytesMismatched()).isZero();
      assertThat(load.bytesVerified()).isGreaterThan(REQUESTS);
      assertThat(served.requests()).isEqualTo(REQUESTS);
      assertThat(served.bytes()).isEqualTo(load.bytesVerified());
      assertThat(served.errors()).isZero();
      assertThat(served.memory().kept()).isTrue();
      if (allocator.isTidepool()) {
        assertThat(served.memory().used()).isZero();
        assertThat(served.memory().arenas().peak()).isPositive();
        assertThat(served.memory().arenas().leaks()).isZero();
      }
      server.assertNoMoreFaults();
    }
  }

  @Test
  void aWrongAnswerIsCountedAndTheLoadGoesOn() throws Exception {
    Protocol protocol = new ReversedLines(7);
    try (TestServer server = TestServer.arena(protocol, TransportChoice.AUTO)) {
      LoadResult load = load(server, protocol, 1, 50);

      assertThat(load.failure()).isNotNull();
      assertThat(load.failure().isMismatch()).isTrue();
      assertThat(load.failure().toString())
          .startsWith("connection 0: echo of request 7 differs: byte 0 of ")
          .contains(" is 0x3f, expected 0x");
      assertThat(load.errors()).containsOnlyKeys(ErrorCause.MISMATCH);
      assertThat(load.bytesMismatched()).as("one of each connection").isEqualTo(load.errorCount());
      assertThat(load.answered()).isGreaterThan(7);
      assertThat(load.sent()).isEqualTo(50);
    }
  }

  private static LoadResult load(
      TestServer server, Protocol protocol, int connections, long requests) throws IOException {
    LoadSettings settings =
        LoadSettings.builder(server.address(), protocol)
            .connections(connections)
            .requests(requests)
            .sizes(new SizeMix("1..2K", List.of(new SizeRange(1, 2 << 10))))
            .pipeline(8)
            .seed(17)
            .threads(1)
            .connectTimeout(TestServer.PATIENCE)
            .timeout(TestServer.PATIENCE)
            .build();
    try (LoadClient client = new LoadClient(settings, TransportChoice.NIO.resolve())) {
      client.connect();
      return client.run().join();
    }
  }
}
