package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Callbacks and children that other threads register, before and after the connection's close. */
class CallsFromOtherThreadsTest {
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);

  private final EventExecutor loop = new DefaultEventExecutor();
  private final ConnectionArena arena = guard.allocator().newConnectionArena(loop, "a connection");
  private final List<String> ran = new CopyOnWriteArrayList<>();

  @AfterEach
  void end() {
    arena.close();
    TestThreads.end(loop);
    assertThat(guard.allocator().metric().openArenas()).isZero();
  }

  private void awaitLoop() {
    TestThreads.run(loop, () -> {});
  }

  /** Has the event loop close the arena after the test has handed over what it registers. */
  private CountDownLatch closeAfterwards() {
    CountDownLatch registered = new CountDownLatch(1);
    loop.execute(
        () -> {
          try {
            assertThat(registered.await(10, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          arena.close();
        });
    return registered;
  }

  @Test
  void callbacksAreHandedToTheEventLoopInOrder() {
    arena.onReset(() -> ran.add("first, on the event loop: " + loop.inEventLoop()));
    arena.onReset(() -> ran.add("second"));
    arena.reset(); // handed to the loop after both
    awaitLoop();
    assertThat(ran).containsExactly("second", "first, on the event loop: true");
  }

  @Test
  void aCallbackThatArrivesAfterTheCloseRunsAtOnce() {
    CountDownLatch registered = closeAfterwards();
    arena.onReset(() -> ran.add("after the close"));
    arena.onReset(() -> ran.add("this too"));
    registered.countDown();
    awaitLoop();
    assertThat(ran).containsExactly("after the close", "this too");
  }

  @Test
  void aChildClosesWithItsParent() {
    ConnectionArena child = arena.newChild();
    ByteBuf buffer = TestThreads.call(loop, () -> Patterns.fill(child.buffer(10), 1));
    assertThat(guard.allocator().metric().openArenas()).isEqualTo(2);
    arena.close();
    awaitLoop();
    assertThat(child.isClosed()).isTrue();
    Patterns.check(buffer, 1);
    buffer.release();
  }

  @Test
  void aChildThatArrivesAfterTheCloseIsClosed() {
    CountDownLatch registered = closeAfterwards();
    ConnectionArena child = arena.newChild();
    registered.countDown();
    awaitLoop();
    assertThat(child.isClosed()).isTrue();
  }

  @Test
  void aChildClosedBeforeItArrivesIsNotAdopted() {
    ConnectionArena child = arena.newChild();
    child.close();
    awaitLoop();
    assertThat(child.isClosed()).isTrue();
    assertThat(guard.allocator().metric().openArenas()).isEqualTo(1);
  }
}
