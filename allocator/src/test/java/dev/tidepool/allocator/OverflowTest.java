package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Overflow: what a budget has no room for comes from upstream, and goes back on release. */
class OverflowTest {
  private static final int BUDGET = 64 * 1024;

  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder()
              .hardBudget(BUDGET)
              .globalBudget(4 * BUDGET)
              .budgetPolicy(BudgetPolicy.OVERFLOW)
              .trimInterval(Duration.ZERO)
              .checks(Checks.FULL));

  private ConnectionArena arena;
  private ByteBuf within;

  @BeforeEach
  void exhaust() {
    arena = guard.allocator().newConnectionArena(loop.loop(), "the greedy one");
    within = arena.directBuffer(BUDGET);
    assertThat(arena.metric().chargedBytes()).isEqualTo(BUDGET);
  }

  @AfterEach
  void close() {
    within.release();
    arena.close();
    guard.trim(); // the shared arena may still hold an empty block
    assertThat(guard.allocator().metric().overflowMemory()).isZero();
    assertThat(guard.allocator().metric().chargedMemory()).isZero();
  }

  private void assertOverflow(long bytes) {
    assertThat(arena.metric().overflowBytes()).isEqualTo(bytes);
    assertThat(arena.metric().chargedBytes()).isEqualTo(BUDGET);
    assertThat(guard.allocator().metric().overflowMemory()).isEqualTo(bytes);
    assertThat(guard.allocator().metric().chargedMemory()).isEqualTo(BUDGET);
    assertThat(guard.allocator().metric().leasedMemory()).isEqualTo(BUDGET + bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 8192, 200_000, 5_000_000})
  void anOverflowedBufferHasMemoryOfItsOwnWhichReturnsOnRelease(int size) {
    ByteBuf direct = Patterns.fill(arena.directBuffer(size), 1);
    ByteBuf heap = Patterns.fill(arena.heapBuffer(size), 2);
    int aligned = (size + 15) & -16;
    assertOverflow(2L * aligned);
    Patterns.check(direct, 1);
    Patterns.check(heap, 2);
    direct.release();
    assertOverflow(aligned);
    heap.release();
    assertOverflow(0);
    assertThat(guard.allocator().metric().pooledMemory()).isZero();
    assertThat(arena.metric().refusals()).isZero();
  }

  @Test
  void aBufferGrowsBeyondTheBudget() {
    ByteBuf buffer = arena.directBuffer(100);
    Patterns.fill(buffer.capacity(1000), 3);
    Patterns.check(buffer.capacity(100_000), 3, 1000);
    within.capacity(BUDGET + 1);
    assertThat(arena.metric().overflowBytes()).isEqualTo(100_000 + BUDGET + 16);
    Patterns.check(buffer.capacity(200_000), 3, 1000);
    buffer.release();
    within.capacity(BUDGET);
  }

  @Test
  void anOverflowedBufferOutlivesItsRequestAndItsConnection() {
    ByteBuf straggler = Patterns.fill(arena.directBuffer(100), 4);
    arena.reset();
    assertOverflow(112);
    arena.close();
    Patterns.check(straggler, 4);
    assertOverflow(112);
    straggler.release();
    assertThat(arena.metric().overflowBytes()).isZero();
  }

  @Test
  void otherThreadsOverflowToo() {
    ByteBuf buffer = CompletableFuture.supplyAsync(() -> arena.heapBuffer(100)).join();
    assertOverflow(112);
    CompletableFuture.runAsync(buffer::release).join();
    guard.trim();
    assertOverflow(0);
  }

  @Test
  void theSharedAllocatorOverflowsTheGlobalBudget() {
    ByteBuf most = guard.allocator().directBuffer(2 * BUDGET);
    ByteBuf more = guard.allocator().directBuffer(2 * BUDGET);
    assertThat(guard.allocator().metric().overflowMemory()).isEqualTo(2 * BUDGET);
    assertThat(guard.allocator().metric().chargedMemory()).isEqualTo(3 * BUDGET);
    more.release();
    most.release();
  }

  @Test
  void whenThereIsRoomAgainBlocksComeFromThePool() {
    arena.directBuffer(100).release();
    within.release();
    within = arena.directBuffer(BUDGET);
    assertOverflow(0);
  }

  @Test
  void aParentsHeldBytesIncludeItsChildrensOverflow() {
    ConnectionArena grandchild = arena.newChild().newChild();
    long before = arena.budget().heldBytes();
    ByteBuf overflow = grandchild.directBuffer(BUDGET);
    assertThat(arena.budget().heldBytes()).isEqualTo(before + BUDGET);
    assertThat(arena.metric().overflowBytes()).as("the arena's own").isZero();
    overflow.release();
    assertThat(arena.budget().heldBytes()).isEqualTo(before);
  }
}
