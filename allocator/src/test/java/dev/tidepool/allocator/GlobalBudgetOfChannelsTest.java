package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Channels under a global budget that has no room. */
class GlobalBudgetOfChannelsTest extends BudgetedChannels {
  @ParameterizedTest
  @EnumSource
  void theHeaviestConnectionIsClosed(Transport transport) throws Exception {
    Connection light =
        connect(
            transport,
            ArenaByteBufAllocator.builder().globalBudget(16 * HARD).closeHeaviest(true),
            new Echo());
    Connection heavy = server.connect();
    assertAlive(light);
    List<ByteBuf> held = new ArrayList<>();
    heavy.onLoop(() -> held.add(heavy.channel().alloc().buffer(8 * HARD)));
    light.onLoop(() -> kept.add(light.channel().alloc().buffer(4 * HARD)));
    assertThat(heavy.channel().isActive()).isTrue();
    light.onLoop(
        () -> {
          kept.add(light.channel().alloc().buffer(2 * HARD));
          kept.add(light.channel().alloc().buffer(HARD));
        });
    awaitEnd(heavy);
    assertThat(thrown)
        .singleElement()
        .isInstanceOfSatisfying(
            ArenaBudgetExceededException.class,
            e -> {
              assertThat(e.isHeaviest()).isTrue();
              assertThat(e.connection()).isSameAs(heavy.channel());
            });
    heavy.onLoop(() -> held.forEach(ByteBuf::release));
    assertAlive(light);
  }

  @ParameterizedTest
  @EnumSource
  void aReadWaitsForRoomInTheGlobalBudget(Transport transport) throws Exception {
    Connection connection =
        connect(
            transport,
            ArenaByteBufAllocator.builder().globalBudget(4 * HARD).budgetPolicy(BudgetPolicy.PAUSE),
            new Echo());
    assertAlive(connection);
    connection.awaitRequests(1); // what it holds now it keeps
    ByteBuf most = allocator.buffer(2 * HARD);
    List<ByteBuf> rest = new ArrayList<>();
    try {
      while (true) {
        rest.add(allocator.buffer(8192));
      }
    } catch (ArenaBudgetExceededException e) {
      assertThat(allocator.metric().chargedMemory()).isEqualTo(4 * HARD);
    }
    CompletableFuture<Void> sent = sendPatternMeanwhile(connection);
    TestThreads.await("the pause", () -> connection.arena().isUnderPressure());
    rest.forEach(ByteBuf::release);
    most.release();
    allocator.trim();
    assertThat(connection.receive(SENT)).isEqualTo(pattern());
    sent.join();
    assertThat(thrown).isEmpty();
  }
}
