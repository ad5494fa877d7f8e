package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.WrongAnswerException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A connection whose protocol is multiplexed: a request is its sequence twice, as two messages, and
 * an answer is a message with the sequence.
 */
class LoadConnectionTest {
  private static final int PIPELINE = 3;

  private static final long REQUESTS = 6;

  private final LoadTally tally = new LoadTally();
  private final Requests requests = new Requests();
  private final MultiplexedClient client = new MultiplexedClient();
  private final LoadConnection connection =
      new LoadConnection(
          0,
          new RequestPlan(new SizeMix("1", List.of(new SizeRange(1, 1))), 1, 0),
          client,
          requests,
          tally.newLoop(),
          PIPELINE,
          false,
          null);
  private final EmbeddedChannel channel = new EmbeddedChannel(connection);

  /** So many requests, all of them due unless it waits. */
  private static final class Requests implements RequestSource {
    private long left = REQUESTS;
    private boolean waiting;
    private boolean worked;
    private boolean finished;
    private int ended;

    @Override
    public long due(long now) {
      return left > 0 && !waiting ? now : NOTHING_DUE;
    }

    @Override
    public void begun(long intendedNanos) {
      left--;
    }

    @Override
    public void takenBack(long intendedNanos) {
      left++;
    }

    @Override
    public boolean hasMore() {
      return left > 0;
    }

    @Override
    public void finished() {
      finished = true;
    }

    @Override
    public void ended(boolean ofUse) {
      ended++;
      worked = ofUse;
    }
  }

  private static final class MultiplexedClient implements ProtocolClient {
    private boolean ending;

    @Override
    public boolean isEnding() {
      return ending;
    }

    @Override
    public List<?> encode(Request request, ByteBufAllocator allocator) {
      return List.of(request.sequence(), request.sequence());
    }

    @Override
    public void receive(Object message, Answers answers) throws WrongAnswerException {
      long sequence = (Long) message;
      if (sequence < 0) { // what the server does not process
        ending = true;
        answers.unprocessed(-sequence);
      } else {
        answers.answered(sequence);
      }
    }
  }

  private void start() {
    tally.measurement().begin(System.nanoTime(), null);
    channel.pipeline().fireUserEventTriggered(ProtocolClient.READY);
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
    assertThat(requests.finished).isTrue();
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
    assertThat(tally.errors()).isEqualTo(1);
    assertThat(tally.failed()).isEqualTo(2);
  }

  @Test
  void drainingTakesTheAnswersThatAreDueAndClosesInOrder() {
    start();
    answer(0);
    connection.drain();
    answer(2);
    assertThat(channel.outboundMessages()).hasSize(8);
    assertThat(channel.isOpen()).isTrue();
    answer(3, 1);
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(requests.ended).isEqualTo(1);
    assertThat(tally.errors()).isZero();
    assertThat(tally.measuredSent()).isEqualTo(4);
    assertThat(tally.measuredAnswered()).isEqualTo(4);
  }

  /** At a low rate, or with a short life. */
  @Test
  void aConnectionThatTheLoadEndsBeforeItsFirstRequestIsOpenedAgainAtOnce() {
    requests.waiting = true;
    start();
    connection.drain();
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(requests.ended).isEqualTo(1);
    assertThat(requests.worked).isTrue();
  }

  @Test
  void aConnectionThatTheServerEndsBeforeItsFirstRequestIsNot() {
    requests.waiting = true;
    start();
    client.ending = true;
    connection.proceed();
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(requests.ended).isEqualTo(1);
    assertThat(requests.worked).isFalse();
  }

  @Test
  void whatTheServerDoesNotProcessIsNoErrorAndIsSentAgain() {
    start();
    answer(0);
    answer(-1, -2, -3);
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(requests.left).isEqualTo(REQUESTS - 1);
    assertThat(tally.errors()).isZero();
    assertThat(tally.sent()).isEqualTo(1);
    assertThat(tally.inFlight()).isZero();
  }
}
