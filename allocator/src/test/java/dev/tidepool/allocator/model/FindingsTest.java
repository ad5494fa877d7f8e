package dev.tidepool.allocator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.Checks;
import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.allocator.OnEventLoop;
import dev.tidepool.allocator.UpstreamGuard;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The failures that the model test found, shortened, on the thread of an event loop. */
class FindingsTest {
  @RegisterExtension static final OnEventLoop junit = new OnEventLoop();

  @RegisterExtension
  final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder()
              .minBlockSize(1024)
              .maxBlockSize(4096)
              .trimInterval(Duration.ZERO)
              .checks(Checks.LIGHT));

  private final ArenaByteBufAllocator allocator = guard.allocator();
  private final ConnectionArena arena = allocator.newConnectionArena(junit.loop());

  /** Another event loop. */
  private final ModelLoop loop = ModelLoop.start("other", 1);

  @AfterEach
  void end() throws Throwable {
    arena.close();
    loop.end();
  }

  @Test
  void theCurrentBlockOfAnEndedLoopGoesBackWithItsLastBuffer() throws Throwable {
    ByteBuf survivor = loop.submit(() -> allocator.directBuffer(16)).get();
    loop.end();
    survivor.release();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  void aBufferThatGrowsInAnEndedLoopsPoolLeavesNothingBehind() throws Throwable {
    ByteBuf survivor = loop.submit(() -> allocator.heapBuffer(16)).get();
    loop.end();
    survivor.writeZero(2000).release();
    assertThat(allocator.metric().usedHeapMemory()).isLessThanOrEqualTo(4096);
    allocator.trim();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  @Test
  void aSampledBufferKnowsItsAllocatorAfterItMovedToAnotherBlock() {
    ByteBuf first = arena.directBuffer(600);
    ByteBuf sampled = arena.directBuffer(16);
    ((ArenaByteBuf) sampled).leaveSlot();
    sampled.writeZero(1000);
    first.release();
    arena.reset();
    assertThat(sampled.alloc()).isSameAs(arena);
    sampled.release();
  }

  @Test
  void aCallbackMayCloseTheArena() {
    arena.onReset(arena::close);
    arena.reset();
    assertThat(allocator.metric().openArenas()).isZero();
  }

  @Test
  void aCallbackThatRegistersItselfRunsOnceForEachReset() {
    List<String> ran = new ArrayList<>();
    registerAgain(ran);
    arena.reset();
    arena.reset();
    assertThat(ran).hasSize(2);
    arena.close();
    assertThat(ran).hasSize(2 + 1);
  }

  private void registerAgain(List<String> ran) {
    arena.onReset(
        () -> {
          ran.add("again");
          registerAgain(ran);
        });
  }

  /** Large for this allocator's blocks, so in one of its own. */
  @Test
  void whatALargeBufferGrowsByAfterItShrankCountsInTheRequestThatItGrewIn() {
    ByteBuf survivor = arena.directBuffer(3568);
    survivor.capacity(0);
    survivor.capacity(192);
    arena.reset();
    long allocated = arena.metric().allocatedBytes();
    survivor.release();
    arena.reset();
    assertThat(arena.metric().allocatedBytes()).isEqualTo(allocated);
  }

  @Test
  void aSurvivorThatShrinksDoesNotCountAsMemoryOfTheNextRequest() {
    ByteBuf survivor = arena.directBuffer(200);
    ByteBuf top = arena.directBuffer(300);
    arena.reset();
    top.release();
    survivor.capacity(8);
    arena.reset();
    assertThat(arena.metric().allocatedBytes()).isEqualTo(208 + 304);
    survivor.release();
  }

  @Test
  void aBufferOfAnotherThreadIsAStragglerOfTheRequestItWasAllocatedIn() throws Exception {
    arena.directBuffer(16).release();
    arena.reset();
    ByteBuf survivor = loop.submit(() -> arena.directBuffer(16)).get();
    arena.reset();
    assertThat(arena.dump()).contains("straggler of request 2");
    survivor.release();
  }

  @Test
  void buffersThatOutliveTheLoopsThreadAreStragglers() throws Throwable {
    ConnectionArena moved = allocator.newConnectionArena(loop);
    ByteBuf early = loop.submit(() -> moved.directBuffer(16)).get();
    loop.suspend();
    ByteBuf late = loop.submit(() -> moved.directBuffer(16)).get();
    loop.submit(moved::reset).get();
    assertThat(loop.submit(() -> moved.metric().stragglers()).get()).isEqualTo(2);
    early.release();
    late.release();
    loop.submit(moved::close).get();
  }

  @Test
  void aBufferTooLargeForAnyMemoryIsOutOfMemory() {
    ByteBuf top = arena.heapBuffer(16);
    assertThatThrownBy(() -> top.capacity(Integer.MAX_VALUE))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessageContaining("" + Integer.MAX_VALUE);
    assertThat(top.capacity()).isEqualTo(16);
    assertThatThrownBy(() -> arena.directBuffer(Integer.MAX_VALUE))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessageContaining("" + Integer.MAX_VALUE);
    top.release();
  }
}
