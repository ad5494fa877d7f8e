package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The callbacks at the end of a request, and what they may do. */
class OnResetTest {
  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();
  @RegisterExtension private final CapturedLog log = new CapturedLog();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);

  private final List<String> ran = new ArrayList<>();
  private ConnectionArena arena;

  @BeforeEach
  void openArena() {
    arena = guard.allocator().newConnectionArena(loop.loop(), "the connection");
  }

  @AfterEach
  void closeArena() {
    arena.close();
    assertThat(guard.allocator().metric().openArenas()).isZero();
  }

  private void register(String name) {
    arena.onReset(() -> ran.add(name));
  }

  @Test
  void theLastRegisteredCallbackRunsFirst() {
    register("first");
    register("second");
    register("third");
    assertThat(ran).isEmpty();
    arena.reset();
    assertThat(ran).containsExactly("third", "second", "first");
  }

  @Test
  void eachCallbackRunsOnce() {
    register("once");
    arena.reset();
    arena.reset();
    arena.close();
    assertThat(ran).containsExactly("once");
  }

  @Test
  void closeRunsTheCallbacks() {
    register("first");
    register("second");
    arena.close();
    assertThat(ran).containsExactly("second", "first");
  }

  @Test
  void aThrowingCallbackIsLoggedAndStopsNothing() {
    ByteBuf buffer = arena.buffer(100);
    register("before");
    arena.onReset(
        () -> {
          throw new IllegalStateException("thrown on purpose");
        });
    register("after");
    buffer.release();

    arena.reset();

    assertThat(ran).containsExactly("after", "before");
    assertThat(arena.metric().leasedBlocks()).isZero();
    assertThat(arena.metric().resets()).isEqualTo(1);
    assertThat(log.lines("thrown on purpose")).hasSize(1);
    assertThat(log.lines("onReset callback of the connection failed")).hasSize(1);
  }

  @Test
  void aThrownErrorStopsNothing() {
    register("before");
    arena.onReset(
        () -> {
          throw new AssertionError("thrown on purpose");
        });
    arena.reset();
    assertThat(ran).containsExactly("before");
    assertThat(log.lines("thrown on purpose")).hasSize(1);
    register("next time");
    arena.reset();
    assertThat(ran).containsExactly("before", "next time");
  }

  @Test
  void aResetWithinACallbackDoesNothing() {
    register("outer");
    arena.onReset(
        () -> {
          arena.reset();
          ran.add("inner");
        });
    arena.reset();
    assertThat(ran).containsExactly("inner", "outer");
    assertThat(arena.metric().resets()).isEqualTo(1);
  }

  @Test
  void aCallbackRegisteredByACallbackRunsAtTheNextReset() {
    arena.onReset(
        () -> {
          ran.add("first request");
          register("second request");
        });
    arena.reset();
    assertThat(ran).containsExactly("first request");
    arena.reset();
    assertThat(ran).containsExactly("first request", "second request");
  }

  private void everyRequest() {
    ran.add("request");
    if (ran.size() < 100) { // or a bug here would be an endless loop
      arena.onReset(this::everyRequest);
    }
  }

  @Test
  void aCallbackThatRegistersItselfRunsOnceARequest() {
    arena.onReset(this::everyRequest);
    for (int i = 1; i <= 5; i++) {
      arena.reset();
      assertThat(ran).hasSize(i);
    }
    arena.close();
    assertThat(ran).hasSize(6);
    assertThat(log.lines("expected: open")).as("there is no next request to run it in").hasSize(1);
  }

  @Test
  void memoryReleasedByACallbackServesTheNextRequest() {
    ByteBuf buffer = arena.buffer(100);
    arena.onReset(buffer::release);
    arena.reset();
    assertThat(arena.metric().leasedBlocks()).isZero();
    assertThat(arena.metric().stragglers()).isZero();
  }

  @Test
  void memoryReleasedByTheLastCallbackReturns() {
    ByteBuf buffer = arena.buffer(100);
    arena.onReset(buffer::release);
    arena.close();
    assertThat(arena.metric().leasedBlocks()).isZero();
    assertThat(guard.allocator().metric().leasedMemory()).isZero();
  }

  @Test
  void aBufferAllocatedByACallbackIsAStraggler() {
    List<ByteBuf> allocated = new ArrayList<>();
    arena.onReset(() -> allocated.add(Patterns.fill(arena.buffer(100), 1)));
    arena.onReset(() -> allocated.add(Patterns.fill(arena.buffer(100_000), 2)));
    arena.reset();

    assertThat(arena.metric().stragglers()).isEqualTo(2);
    Patterns.check(allocated.get(0), 2);
    Patterns.check(allocated.get(1), 1);
    allocated.forEach(ByteBuf::release);
    arena.reset();
    assertThat(arena.metric().leasedBlocks()).isZero();
  }

  @Test
  void aBufferAllocatedByTheLastCallbackIsValid() {
    List<ByteBuf> allocated = new ArrayList<>();
    arena.onReset(() -> allocated.add(Patterns.fill(arena.buffer(100), 1)));
    arena.close();
    Patterns.check(allocated.get(0), 1);
    allocated.get(0).release();
  }

  @Test
  void aCloseWithinAResetCloses() {
    ByteBuf buffer = Patterns.fill(arena.buffer(100), 1);
    register("first");
    arena.onReset(arena::close);
    arena.reset();

    assertThat(ran).containsExactly("first");
    assertThat(guard.allocator().metric().openArenas()).isZero();
    assertThatThrownBy(arena::newChild).hasMessageContaining("closed: true");
    assertThat(arena.metric().resets()).isEqualTo(1);
    Patterns.check(buffer, 1);
    buffer.release();
    assertThat(arena.metric().leasedBlocks()).isZero();
  }

  @Test
  void aCloseWithinACloseDoesNothing() {
    register("first");
    arena.onReset(arena::close);
    register("last");
    arena.close();
    assertThat(ran).containsExactly("last", "first");
    assertThat(arena.metric().resets()).isEqualTo(1);
  }

  @Test
  void aChildsCallbackMayCloseItsParent() {
    ConnectionArena child = arena.newChild();
    child.onReset(
        () -> {
          ran.add("child");
          arena.close();
        });
    register("parent");
    child.reset();
    assertThat(ran).containsExactly("child", "parent");
    assertThat(guard.allocator().metric().openArenas()).isZero();
  }

  @Test
  void aParentsCallbackMayCloseAndOpenChildren() {
    ConnectionArena child = arena.newChild();
    List<ConnectionArena> opened = new ArrayList<>();
    arena.onReset(() -> opened.add(arena.newChild()));
    arena.onReset(child::close);
    arena.reset();
    assertThat(guard.allocator().metric().openArenas()).isEqualTo(2);
    opened.get(0).buffer(10).release();
  }

  @Test
  void aClosedArenaRefusesCallbacks() {
    arena.close();
    assertThatThrownBy(() -> register("never"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("onReset: arena of a connection")
        .hasMessageContaining("closed: true (expected: open)");
    assertThat(ran).isEmpty();
  }

  @Test
  void callbacksRunAfterAResetWhoseErrorTheLogFailedOn() {
    arena.onReset(
        () -> {
          throw new AssertionError("thrown on purpose") {
            @Override
            public String getMessage() {
              throw new OutOfMemoryError("thrown on purpose by the log");
            }
          };
        });
    try {
      arena.reset();
    } catch (OutOfMemoryError e) {
      assertThat(e).hasMessage("thrown on purpose by the log");
    }
    register("next time");
    arena.reset();
    assertThat(ran).containsExactly("next time");
  }
}
