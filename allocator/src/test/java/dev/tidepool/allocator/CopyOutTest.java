package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The copy that copyOut makes: equal to the buffer, and without memory of its arena. */
class CopyOutTest {
  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();

  private final FaultyUpstream upstream = new FaultyUpstream();

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder()
              .trimInterval(Duration.ZERO)
              .checks(Checks.LIGHT)
              .upstream(upstream)
              .build());

  private ConnectionArena arena;

  @BeforeEach
  void open() {
    arena = guard.allocator().newConnectionArena(loop.loop(), "the connection");
  }

  @AfterEach
  void holdsNothing() {
    arena.reset();
    assertThat(arena.metric().leasedBlocks()).isZero();
    arena.close();
  }

  private ByteBuf buffer(boolean direct) {
    ByteBuf buffer = direct ? arena.directBuffer(100, 1000) : arena.heapBuffer(100, 1000);
    return Patterns.fill(buffer, 1).setIndex(10, 60);
  }

  private void holdsNoBlock() {
    arena.reset();
    assertThat(arena.metric().stragglers()).isZero();
    assertThat(arena.metric().chargedBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theCopyEqualsTheBuffer(boolean direct) {
    arena.reset();
    ByteBuf copy = arena.copyOut(buffer(direct));
    holdsNoBlock();
    Patterns.check(copy, 1);
    assertThat(copy.isDirect()).isEqualTo(direct);
    assertThat(copy.capacity()).isEqualTo(100);
    assertThat(copy.maxCapacity()).isEqualTo(1000);
    assertThat(copy.readerIndex()).isEqualTo(10);
    assertThat(copy.writerIndex()).isEqualTo(60);
    assertThat(copy.refCnt()).isEqualTo(1);
    assertThat(copy.alloc()).isSameAs(guard.allocator());
    Patterns.check(copy.capacity(1000), 1, 100);
    copy.release();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @SuppressWarnings("deprecation") // order
  void theCopyKeepsTheByteOrder(boolean direct) {
    ByteBuf little = buffer(direct).order(ByteOrder.LITTLE_ENDIAN);
    int value = little.getInt(20);
    ByteBuf copy = arena.copyOut(little);
    holdsNoBlock();
    assertThat(copy.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(copy.getInt(20)).isEqualTo(value);
    assertThat(copy.readerIndex()).isEqualTo(10);
    copy.release();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSlicesCopyHasTheSliceAlone(boolean direct) {
    ByteBuf copy = arena.copyOut(buffer(direct).slice(20, 30));
    holdsNoBlock();
    assertThat(copy.capacity()).isEqualTo(30);
    assertThat(copy.maxCapacity()).isEqualTo(30);
    assertThat(copy.writerIndex()).isEqualTo(30);
    assertThat(copy.isDirect()).isEqualTo(direct);
    ByteBuf again = Patterns.fill(arena.buffer(100), 1);
    assertThat(copy).isEqualTo(again.slice(20, 30));
    again.release();
    copy.release();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDuplicateAndAReadOnlyViewAreCopied(boolean direct) {
    ByteBuf copy = arena.copyOut(buffer(direct).duplicate().setIndex(1, 2));
    ByteBuf copyOfReadOnly = arena.copyOut(buffer(direct).asReadOnly());
    holdsNoBlock();
    Patterns.check(copy, 1);
    Patterns.check(copyOfReadOnly, 1);
    assertThat(copy.readerIndex()).isEqualTo(1);
    copy.release();
    copyOfReadOnly.release();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theLastReferenceFreesTheBlock(boolean direct) {
    ByteBuf shareable = buffer(direct);
    ByteBuf slice = shareable.retainedSlice(0, 50);
    ByteBuf first = arena.copyOut(shareable);
    arena.reset();
    assertThat(arena.metric().stragglers()).as("the slice holds it").isEqualTo(1);
    ByteBuf second = arena.copyOut(slice);
    holdsNoBlock();
    Patterns.check(first, 1);
    Patterns.check(second, 1);
    first.release();
    second.release();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBufferThatNettyWatchesIsNotReportedAsLeaked(boolean direct) {
    ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    try {
      ByteBuf watched = buffer(direct);
      ByteBuf copy = arena.copyOut(watched);
      assertThat(watched.refCnt()).isZero();
      holdsNoBlock();
      Patterns.check(copy, 1);
      copy.release();
    } finally {
      ResourceLeakDetector.setLevel(before);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anyThreadMayCopyOut(boolean direct) {
    ByteBuf buffer = buffer(direct);
    ByteBuf copy = CompletableFuture.supplyAsync(() -> arena.copyOut(buffer)).join();
    holdsNoBlock();
    Patterns.check(copy, 1);
    copy.release();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withoutMemoryForTheCopyTheBufferIsNotReleased(boolean direct) {
    ByteBuf buffer = buffer(direct);
    upstream.limit(0);
    assertThatThrownBy(() -> arena.copyOut(buffer)).isInstanceOf(OutOfMemoryError.class);
    upstream.limit(Integer.MAX_VALUE);
    assertThat(buffer.refCnt()).isEqualTo(1);
    Patterns.check(buffer, 1);
    buffer.release();
  }
}
