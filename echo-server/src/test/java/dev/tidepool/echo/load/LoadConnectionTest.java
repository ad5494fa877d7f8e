package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.WrongAnswerException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A connection whose protocol is multiplexed: a request is its sequence twice, as two messages, and
 * an answer is a message with the sequence.
 */
class LoadConnectionTest {
  private static final int PIPELINE = 3;

  private final LoadTally tally = new LoadTally();
  private final LoadConnection connection =
      new LoadConnection(
          0,
          settings(),
          new MultiplexedClient(),
          tally.newLoop(),
          tally.measurement(),
          Duration.ZERO);
  private final EmbeddedChannel channel = new EmbeddedChannel(connection);

  private static final class MultiplexedClient implements ProtocolClient {
    @Override
    public List<?> encode(Request request, ByteBufAllocator allocator) {
      return List.of(request.sequence(), request.sequence());
    }

    @Override
    public void receive(Object message, Answers answers) throws WrongAnswerException {
      answers.answered((Long) message);
    }
  }

  private static LoadSettings settings() {
    return LoadSettings.builder(new InetSocketAddress(0), new FramedProtocol())
        .connections(1)
        .requests(6L)
        .sizes(new SizeMix("1", List.of(new SizeRange(1, 1))))
        .pipeline(PIPELINE)
        .seed(1)
        .threads(1)
        .connectTimeout(Duration.ofMinutes(1))
        .timeout(Duration.ofMinutes(1))
        .build();
  }

  private void start() {
    tally.measurement().begin(System.nanoTime());
    channel.pipeline().fireUserEventTriggered(LoadConnection.START);
  }

  private void answer(long... sequences) {
    for (long sequence : sequences) {
      channel.writeInbound(sequence);
    }
  }

  @Test
  void acceptsAnswersInAnyOrder() {
    start();
    assertThat(channel.outboundMessages()).containsExactly(0L, 0L, 1L, 1L, 2L, 2L);
    answer(2, 1);
    assertThat(tally.answered()).isEqualTo(2);
    answer(0);
    assertThat(channel.outboundMessages())
        .containsExactly(0L, 0L, 1L, 1L, 2L, 2L, 3L, 3L, 4L, 4L, 5L, 5L);
    answer(5, 3, 4);
    assertThat(connection.finished()).isDone();
    assertThat(tally.failure()).isNull();
    assertThat(tally.answered()).isEqualTo(6);
    assertThat(tally.measuredLatencies().getTotalCount()).isEqualTo(6);
  }

  /** The first message makes the channel unwritable, and flushing it makes it writable again. */
  @Test
  void doesNotBeginARequestAmidTheMessagesOfAnother() {
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 1));
    start();
    assertThat(channel.outboundMessages()).containsExactly(0L, 0L, 1L, 1L, 2L, 2L);
  }

  @Test
  void refusesASecondAnswer() {
    start();
    answer(1, 1);
    assertThat(tally.failure()).isNotNull();
    assertThat(tally.failure().isMismatch()).isTrue();
    assertThat(tally.failure())
        .hasToString("connection 0: an answer to request 1 came back, expected none");
    assertThat(tally.answered()).isEqualTo(1);
  }

  @Test
  void refusesAnAnswerToARequestThatWasNotSent() {
    start();
    answer(3);
    assertThat(tally.failure()).isNotNull();
    assertThat(tally.failure().isMismatch()).isTrue();
  }

  @Test
  void countsTheRequestsThatAClosedConnectionLeavesUnanswered() {
    start();
    answer(1);
    var unused = channel.close();
    assertThat(tally.failure())
        .hasToString("connection 0: the server closed the connection with 2 requests unanswered");
  }
}
