package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.memory.ArenaByteBuf;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reset and close of a connection's arena, which both keep living buffers valid. */
class ConnectionArenaTest {
  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);

  private final ArenaByteBufAllocator shared = guard.allocator();
  private ConnectionArena arena;

  @BeforeEach
  void openArena() {
    arena = shared.newConnectionArena(loop.loop(), "a connection");
  }

  private ByteBuf buffer(boolean direct, int size) {
    return direct ? arena.directBuffer(size) : arena.heapBuffer(size);
  }

  // Reset

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLivingBufferSurvivesAReset(boolean direct) {
    List<ByteBuf> alive = new ArrayList<>();
    for (int request = 0; request < 20; request++) {
      for (int size : new int[] {10, 1000, 9000, 70_000}) {
        ByteBuf buffer = Patterns.fill(buffer(direct, size + request), alive.size());
        if (size == 10 || request % 5 == 0) {
          alive.add(buffer);
        } else {
          buffer.release();
        }
      }
      arena.reset();
      for (int i = 0; i < alive.size(); i++) {
        Patterns.check(alive.get(i), i);
      }
      assertThat(arena.metric().stragglers()).isEqualTo(alive.size());
      guard.checkInvariants();
    }
    alive.forEach(ByteBuf::release);
    assertThat(arena.metric().stragglers()).isZero();
    arena.reset();
    assertThat(arena.metric().leasedBlocks()).isZero();
    arena.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStragglersBlockReturnsOnItsLastRelease(boolean direct) {
    ByteBuf large = buffer(direct, 200_000); // in a block of its own
    ByteBuf small = buffer(direct, 100);
    arena.reset();
    assertThat(arena.metric().leasedBlocks()).isEqualTo(2);
    assertThat(arena.metric().stragglers()).isEqualTo(2);

    large.retain().release();
    assertThat(arena.metric().leasedBlocks()).isEqualTo(2);
    large.release();
    assertThat(arena.metric().leasedBlocks()).isEqualTo(1);
    small.release();
    arena.reset();
    assertThat(arena.metric().leasedBlocks()).isZero();
    assertThat(shared.metric().pooledMemory()).isPositive();
    arena.close();
  }

  @Test
  void aBufferOfThisRequestIsNoStraggler() {
    ByteBuf before = arena.buffer(10);
    assertThat(arena.metric().stragglers()).isZero();
    arena.reset();
    ByteBuf now = arena.buffer(10);
    assertThat(arena.metric().stragglers()).isEqualTo(1);
    before.release();
    assertThat(arena.metric().stragglers()).isZero();
    now.release();
    arena.close();
  }

  @Test
  void anotherThreadsBufferOfThisRequestIsNoStraggler() {
    arena.buffer(1).release();
    arena.reset();
    arena.buffer(1).release();
    arena.reset();
    ByteBuf elsewhere = CompletableFuture.supplyAsync(() -> arena.buffer(10)).join();
    assertThat(arena.metric().stragglers()).isZero();
    arena.reset();
    assertThat(arena.metric().stragglers()).isEqualTo(1);
    elsewhere.release();
    arena.close();
  }

  @Test
  void derivedBuffersKeepTheirRootAlive() {
    ByteBuf slice = Patterns.fill(arena.buffer(100), 1).retainedSlice(10, 50);
    ByteBuf duplicate = slice.retainedDuplicate();
    CompositeByteBuf composite =
        arena.compositeBuffer().addComponent(true, Patterns.fill(arena.buffer(100), 2));
    byte expected = slice.getByte(0);
    assertThat(slice.unwrap().refCnt()).isEqualTo(3);
    slice.unwrap().release();
    slice.release();
    arena.reset();
    Patterns.check(composite, 2);
    assertThat(duplicate.getByte(0)).isEqualTo(expected);
    duplicate.release();
    composite.release();
    arena.reset();
    assertThat(arena.metric().leasedBlocks()).isZero();
    arena.close();
  }

  @Test
  void figuresAddUp() {
    arena.buffer(100).release();
    arena.buffer(200).release();
    arena.reset();
    arena.reset(); // no request, as nothing was allocated
    arena.buffer(1000).release();
    arena.close();
    ConnectionArenaMetric metric = arena.metric();
    assertThat(metric.requests()).isEqualTo(2);
    assertThat(metric.resets()).isEqualTo(3);
    assertThat(metric.peakRequestBytes()).isEqualTo(1008); // rounded up to the alignment
    assertThat(metric.allocatedBytes()).isEqualTo(112 + 208 + 1008);
  }

  // Close

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLivingBufferSurvivesTheCloseAndReturnsOnItsLastRelease(boolean direct) {
    List<ByteBuf> alive = new ArrayList<>();
    for (int size : new int[] {10, 20, 9000, 70_000, 200_000, 5 << 20}) {
      alive.add(Patterns.fill(buffer(direct, size), alive.size()));
    }
    arena.close();
    guard.checkInvariants();
    for (int i = 0; i < alive.size(); i++) {
      int size = alive.get(i).capacity();
      Patterns.check(alive.get(i), i);
      Patterns.check(alive.get(i).capacity(size + 100), i, size);
      alive.get(i).release();
      guard.checkInvariants();
    }
    assertThat(arena.metric().leasedBlocks()).isZero();
    assertThat(shared.metric().leasedMemory())
        .as("except the shared allocator's current block")
        .isLessThanOrEqualTo(64 * 1024);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void afterTheCloseTheSharedAllocatorServes(boolean direct) {
    buffer(direct, 10).release();
    arena.close();
    ByteBuf late = Patterns.fill(buffer(direct, 10), 1);
    ByteBuf large = Patterns.fill(buffer(direct, 5 << 20), 2);
    ByteBuf elsewhere =
        CompletableFuture.supplyAsync(() -> Patterns.fill(buffer(direct, 10), 3)).join();
    assertThat(late.isDirect()).isEqualTo(direct);
    assertThat(arena.metric().leasedBlocks()).isZero();
    Patterns.check(late, 1);
    Patterns.check(large, 2);
    Patterns.check(elsewhere, 3);
    assertThat(late.alloc()).isSameAs(shared);
    late.release();
    large.release();
    elsewhere.release();
  }

  @Test
  void afterTheCloseAnUnusedArenaFallsBackToo() {
    arena.close();
    arena.buffer(10).release();
    assertThat(arena.metric().leasedBlocks()).isZero();
  }

  @Test
  void aSecondCloseDoesNothing() {
    ByteBuf alive = arena.buffer(10);
    arena.close();
    arena.close();
    arena.reset();
    assertThat(arena.metric().resets()).isEqualTo(1);
    alive.release();
  }

  @Test
  void resetAndCloseOnAnotherThreadAreHandedToTheLoop() {
    ByteBuf alive = Patterns.fill(arena.buffer(10), 1);
    CompletableFuture.runAsync(arena::reset).join();
    CompletableFuture.runAsync(arena::close).join();
    assertThat(arena.metric().resets()).as("this test is on the loop").isZero();
    assertThat(shared.metric().openArenas()).isEqualTo(1);
    Patterns.check(alive, 1);
    alive.release();
  }

  // Children

  @Test
  void aChildHasRequestsOfItsOwnAndClosesWithItsParent() {
    ConnectionArena one = arena.newChild();
    ConnectionArena other = arena.newChild();
    ByteBuf ofOne = Patterns.fill(one.buffer(10), 1);
    ByteBuf ofOther = Patterns.fill(other.buffer(10), 2);
    one.reset();
    assertThat(one.metric().stragglers()).isEqualTo(1);
    assertThat(other.metric().stragglers()).isZero();
    assertThat(arena.metric().resets()).isZero();
    assertThat(shared.metric().openArenas()).isEqualTo(3);

    other.close();
    assertThat(shared.metric().openArenas()).isEqualTo(2);
    ConnectionArena grandchild = one.newChild();
    arena.close();
    assertThat(shared.metric().openArenas()).isZero();
    assertThatThrownBy(grandchild::newChild).isInstanceOf(IllegalStateException.class);
    Patterns.check(ofOne, 1);
    Patterns.check(ofOther, 2);
    ofOne.release();
    ofOther.release();
    assertThat(one.metric().leasedBlocks() + other.metric().leasedBlocks()).isZero();
  }

  @Test
  void aClosedArenaRefusesChildren() {
    arena.close();
    assertThatThrownBy(arena::newChild)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("newChild: arena of a connection, closed: true")
        .hasMessageContaining("(expected: open)");
  }

  // Survivors

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void copyOutLeavesNothingBehind(boolean direct) {
    ByteBuf survivor = Patterns.fill(buffer(direct, 100), 1).setIndex(10, 60);
    ByteBuf copy = arena.copyOut(survivor);
    assertThat(survivor.refCnt()).isZero();
    arena.reset();
    assertThat(arena.metric().leasedBlocks()).isZero();

    Patterns.check(copy, 1);
    assertThat(copy.isDirect()).isEqualTo(direct);
    assertThat(copy.alloc()).isSameAs(shared);
    assertThat(copy.readerIndex()).isEqualTo(10);
    assertThat(copy.writerIndex()).isEqualTo(60);
    assertThat(copy.maxCapacity()).isEqualTo(survivor.maxCapacity());
    copy.release();
    arena.close();
  }

  @Test
  void copyOutReleasesOneReferenceOnly() {
    ByteBuf shareable = Patterns.fill(arena.buffer(10), 1).retain();
    ByteBuf copy = arena.copyOut(shareable);
    assertThat(shareable.refCnt()).isEqualTo(1);
    Patterns.check(shareable, 1);
    copy.release();
    shareable.release();
    arena.close();
  }

  @Test
  void copyOutTakesBuffersOfAnyKind() {
    CompositeByteBuf composite =
        arena
            .compositeBuffer()
            .addComponent(true, Patterns.fill(arena.buffer(10), 1))
            .addComponent(true, Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
    ByteBuf copy = arena.copyOut(composite);
    assertThat(copy.getByte(12)).isEqualTo((byte) 3);
    copy.release();
    ByteBuf empty = arena.copyOut(arena.buffer(0));
    assertThat(empty.capacity()).isZero();
    empty.release();
    arena.close();
  }

  @Test
  void copyOutOfAReleasedBufferFailsAndLeaksNothing() {
    ByteBuf released = arena.buffer(10);
    released.release();
    assertThatThrownBy(() -> arena.copyOut(released))
        .isInstanceOf(IllegalReferenceCountException.class);
    arena.close();
  }

  // Dump

  @Test
  void aDumpNamesTheConnectionItsFiguresAndEveryStraggler() {
    ByteBuf first = arena.directBuffer(123);
    arena.reset();
    ByteBuf second = arena.heapBuffer(45);
    arena.reset();
    ByteBuf now = arena.buffer(6);

    String dump = arena.dump();
    assertThat(dump.lines().toList()).hasSize(3);
    assertThat(dump)
        .contains("ConnectionArena(a connection, open, requests: 2, resets: 2, allocated: ")
        .contains("straggler of request 1, ")
        .contains("request 1, direct, capacity 123,")
        .contains("straggler of request 2, ")
        .contains("request 2, heap, capacity 45,")
        .doesNotContain("capacity 6,");
    first.release();
    second.release();
    assertThat(arena.dump().lines()).hasSize(1);
    arena.close();
    assertThat(arena.dump()).contains("closed").contains("request 3");
    now.release();
    assertThat(now).isInstanceOf(ArenaByteBuf.class);
  }
}
