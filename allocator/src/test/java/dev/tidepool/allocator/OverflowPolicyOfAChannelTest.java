package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The policy {@code OVERFLOW} on a channel whose hard budget has no room. */
class OverflowPolicyOfAChannelTest extends BudgetedChannels {
  @ParameterizedTest
  @EnumSource
  void overflowClosesNoConnection(Transport transport) throws Exception {
    Connection connection = connect(transport, hard(BudgetPolicy.OVERFLOW), new Swallows());
    exhaust(connection);
    assertAlive(connection);
    connection.send((byte) 1);
    assertThat(connection.receive(1)).containsExactly(1);
    byte[] much = pattern();
    much[0] = 0;
    CompletableFuture<byte[]> received =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return connection.receive(SENT);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    connection.send(much);
    assertThat(received.join()).isEqualTo(much);
    assertThat(thrown).isEmpty();
    assertThat(connection.arena().metric().refusals()).isZero();
    giveBack(connection);
    TestThreads.await(
        "no overflow", // io_uring's pending read has one
        () -> {
          try {
            assertAlive(connection);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return connection.arena().metric().overflowBytes() == 0;
        });
  }
}
