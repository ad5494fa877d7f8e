package dev.tidepool.echo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.LoadClient;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.load.SizeMix;
import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.Protocols;
import dev.tidepool.echo.protocol.RequestProgress;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each request is measured once, from its own first byte on. */
class LatenciesTest {
  private static final long REQUESTS = 400;
  private static final long PAUSE_NANOS = 50_000_000;

  private final SingleWriterRecorder recorder = new SingleWriterRecorder(2);
  private boolean midRequest;
  private final LatencyHandler handler =
      new LatencyHandler(
          recorder,
          new RequestProgress() {
            @Override
            public boolean midRequest() {
              return midRequest;
            }

            @Override
            public String describe() {
              return "";
            }
          });

  static Stream<Arguments> protocolsAndTransports() {
    return Protocols.all().stream()
        .flatMap(
            protocol ->
                Stream.of(TransportChoice.AUTO, TransportChoice.NIO)
                    .map(transport -> Arguments.of(protocol, transport)));
  }

  @ParameterizedTest
  @MethodSource("protocolsAndTransports")
  void everyRequestCountsOnce(Protocol protocol, TransportChoice transport) throws Exception {
    Latencies latencies = new Latencies();
    long begin = System.nanoTime();
    ServedSummary served;
    try (TestServer server =
        new TestServer(
            protocol, AllocatorChoice.CONNECTION.create(), transport, 2, null, latencies)) {
      LoadResult load = load(server, protocol);
      assertThat(load.failure()).isNull();
      served = server.stop();
    }
    assertThat(served.memory().used()).isZero();
    long elapsed = System.nanoTime() - begin;
    Histogram taken = latencies.takeHistogram();
    assertThat(taken.getTotalCount()).isEqualTo(served.requests()).isPositive();
    assertThat(taken.getMinValue()).isPositive();
    assertThat(taken.getMinValue()).isLessThan(elapsed);
    assertThat(latencies.takeHistogram().getTotalCount()).as("what was taken is gone").isZero();
  }

  private static LoadResult load(TestServer server, Protocol protocol) throws Exception {
    LoadSettings settings =
        LoadSettings.builder(server.address(), protocol)
            .connections(4)
            .requests(REQUESTS)
            .sizes(new SizeMix("mix", List.of(new SizeRange(64, 200_000))))
            .pipeline(4)
            .seed(11)
            .threads(1)
            .connectTimeout(TestServer.PATIENCE)
            .timeout(TestServer.PATIENCE)
            .build();
    try (LoadClient client = new LoadClient(settings, TransportChoice.NIO.resolve())) {
      client.connect();
      return client.run().join();
    }
  }

  @Test
  void aRequestThatComesInPiecesBeginsWithTheFirst() {
    EmbeddedChannel channel = new EmbeddedChannel(handler);
    midRequest = true;
    channel.writeInbound(bytes());
    long afterFirst = System.nanoTime();
    pause();
    channel.writeInbound(bytes());
    midRequest = false;
    long least = System.nanoTime() - afterFirst;
    answer(channel);
    assertThat(recorder.getIntervalHistogram().getMaxValue()).isGreaterThanOrEqualTo(least);
    channel.finishAndReleaseAll();
  }

  @Test
  void whatIsNoRequestIsNoBeginning() {
    EmbeddedChannel channel = new EmbeddedChannel(handler);
    channel.writeInbound(bytes()); // a ping, say
    pause();
    long before = System.nanoTime();
    midRequest = true;
    channel.writeInbound(bytes());
    answer(channel);
    long most = System.nanoTime() - before;
    Histogram taken = recorder.getIntervalHistogram();
    assertThat(taken.getTotalCount()).isEqualTo(1);
    assertThat(taken.getMinValue()).isLessThanOrEqualTo(most);
    channel.finishAndReleaseAll();
  }

  private void answer(EmbeddedChannel channel) {
    handler.answered();
    channel.writeOutbound(bytes());
  }

  private static ByteBuf bytes() {
    return Unpooled.wrappedBuffer(new byte[] {1});
  }

  /** So that what is measured from a wrong beginning shows. */
  private static void pause() {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < PAUSE_NANOS) {
      Thread.onSpinWait();
    }
  }
}
